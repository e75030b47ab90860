"""The official documents of a checkout: a folder each, below `data/sources/`."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nichiiki_ld.errors import SourceError
from nichiiki_ld.files import write_atomically
from nichiiki_ld.repository.folder import DESCRIPTION, SourceFolder

SOURCE_ID = re.compile(r"[0-9a-z]+(?:-[0-9a-z]+)*")
"""What can name a document: its IRI has it, and its folder."""

_WORK_PREFIX = ".import-"


@dataclass(frozen=True, slots=True)
class SourceFolders:
    """All documents.

    Attributes:
        path: `data/sources` of the checkout.
    """

    path: Path

    def ids(self) -> list[str]:
        """Return the ids of all documents, in their order."""
        return sorted(
            path.parent.name
            for path in self.path.glob(f"*/{DESCRIPTION}")
            if not path.parent.name.startswith(".")
        )

    def __contains__(self, source_id: object) -> bool:
        return (self.path / str(source_id) / DESCRIPTION).exists()

    def __getitem__(self, source_id: str) -> SourceFolder:
        """Return the folder of a document.

        Raises:
            SourceError: There is no such document.
        """
        if source_id not in self:
            known = ", ".join(self.ids())
            raise SourceError(
                f"there is no source '{source_id}'",
                where=str(self.path / source_id / DESCRIPTION),
                hint=f"use one of: {known}" if known else "run 'nichiiki-ld import' with a document",
            )
        return SourceFolder(self.path / source_id)

    def of_digest(self, sha256: str) -> list[str]:
        """Return the ids of the documents whose originals have a digest."""
        return [each for each in self.ids() if self[each].describe().sha256 == sha256]

    def add(self, source_id: str, files: Mapping[str, bytes]) -> SourceFolder:
        """Make the folder of a new document: whole, or not at all.

        Args:
            source_id: Matches `SOURCE_ID`.
            files: Content by file name.

        Raises:
            SourceError: There is such a folder already, or it cannot be made.
        """
        assert SOURCE_ID.fullmatch(source_id)
        target = self.path / source_id
        with _work_folder(self.path) as folder:
            if target.exists():
                raise SourceError(
                    "is there already",
                    where=str(target),
                    hint="give another id with --id, or remove the folder",
                )
            for name, content in files.items():
                write_atomically(folder / name, content)
            folder.chmod(0o755)
            folder.rename(target)
        return SourceFolder(target)


@contextmanager
def _work_folder(parent: Path) -> Iterator[Path]:
    """Give a folder beside the documents that is removed unless it was renamed; one at a time."""
    try:
        parent.mkdir(parents=True, exist_ok=True)
        lock = os.open(parent, os.O_RDONLY)
    except OSError as error:
        raise SourceError(
            f"cannot be written to: {error.strerror}", where=str(parent), hint="make the folder writable"
        ) from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        # Whoever left one was killed: nobody else is at work.
        for left in parent.glob(f"{_WORK_PREFIX}*"):
            shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix=_WORK_PREFIX, dir=parent))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise SourceError(
            f"cannot be written to: {error.strerror}", where=str(parent), hint="make the folder writable"
        ) from None
    finally:
        os.close(lock)
