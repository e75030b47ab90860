"""A release on disk: opened whole, replaced in one step.

`dist/<version>` and `dist/current` are links. A build writes beside them and then
turns the links, so that whoever opens a release finds the old one or the new one.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nichiiki_ld.errors import ReleaseError

CURRENT = "current"
_FOLDERS = ".releases"
_WORK_PREFIX = ".build-"


@dataclass(frozen=True, slots=True)
class Release:
    """A release that was found on disk.

    Attributes:
        folder: Where its files are, links resolved: it stays the same release when the
            link turns to another.
        manifest: Content of `manifest.json`.
    """

    folder: Path
    manifest: dict[str, Any]

    @property
    def version(self) -> str:
        """Version of the data."""
        return str(self.manifest["version"])


def open_release(dist: Path) -> Release:
    """Return the current release of a folder of releases, or the release that the folder itself is.

    Raises:
        ReleaseError: There is none, or its manifest is none.
    """
    folder = dist if (dist / "manifest.json").exists() else dist / CURRENT
    try:
        folder = folder.resolve(strict=True)
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReleaseError("there is no release", where=str(dist), hint="run 'nichiiki-ld build'") from error
    if not isinstance(manifest, dict) or "version" not in manifest:
        raise ReleaseError(
            "the manifest names no version",
            where=str(folder / "manifest.json"),
            hint="run 'nichiiki-ld build'",
        )
    return Release(folder, manifest)


@contextmanager
def new_folder(dist: Path) -> Iterator[Path]:
    """Give a folder to write a release in, beside the others, and remove it unless it was published.

    Raises:
        ReleaseError: `dist` cannot be written to, or another build is at work there.
    """
    try:
        (dist / _FOLDERS).mkdir(parents=True, exist_ok=True)
        lock = (dist / ".lock").open("w")
    except OSError as error:
        raise ReleaseError(
            f"cannot be written to: {error.strerror}", where=str(dist), hint="name another folder with --dist"
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise ReleaseError(
                "another build is at work", where=str(dist), hint="wait for it to end"
            ) from None
        for left in dist.glob(f"{_WORK_PREFIX}*"):
            shutil.rmtree(left, ignore_errors=True)
        try:
            folder = Path(tempfile.mkdtemp(prefix=_WORK_PREFIX, dir=dist))
        except OSError as error:
            raise ReleaseError(
                f"cannot be written to: {error.strerror}", where=str(dist), hint="make the folder writable"
            ) from None
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def publish(folder: Path, dist: Path, version: str, digest: str) -> Path:
    """Make a written folder the current release and return `dist/<version>`.

    The step that counts is the turn of one link. The release that was current before
    stays on disk, because a server may still be reading it; older ones are removed.

    Args:
        folder: Written below `new_folder`.
        digest: Digest of the content, which names the folder from now on.
    """
    before = [path.resolve() for path in dist.iterdir() if path.is_symlink() and path.exists()]
    target = dist / _FOLDERS / f"{version}-{digest[:16]}"
    if target.exists():
        # The same bytes were released before; what serves them is left alone.
        shutil.rmtree(folder)
    else:
        folder.chmod(0o755)
        folder.rename(target)
    _turn(dist / version, Path(_FOLDERS) / target.name)
    _turn(dist / CURRENT, Path(version))
    kept = {target.resolve(), *before}
    for old in (dist / _FOLDERS).iterdir():
        if old.resolve() not in kept:
            shutil.rmtree(old, ignore_errors=True)
    return dist / version


def _turn(link: Path, target: Path) -> None:
    temporary = link.with_name(f".{link.name}-link")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    temporary.replace(link)
