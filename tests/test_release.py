from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nichiiki_ld.errors import ReleaseError
from nichiiki_ld.release import new_folder, open_release, publish


def release(dist: Path, version: str, digest: str, text: str = "") -> Path:
    with new_folder(dist) as folder:
        (folder / "manifest.json").write_text(
            json.dumps({"version": version, "text": text}), encoding="utf-8"
        )
        return publish(folder, dist, version, digest)


def test_the_newest_is_current(tmp_path: Path) -> None:
    release(tmp_path, "1.0.0", "a" * 64)
    release(tmp_path, "1.1.0", "b" * 64)
    assert open_release(tmp_path).version == "1.1.0"
    assert open_release(tmp_path / "1.0.0").version == "1.0.0"


def test_an_opened_release_stays_the_same_when_another_is_published(tmp_path: Path) -> None:
    release(tmp_path, "1.0.0", "a" * 64, "old")
    opened = open_release(tmp_path)
    release(tmp_path, "1.0.0", "b" * 64, "new")
    assert json.loads((opened.folder / "manifest.json").read_text(encoding="utf-8"))["text"] == "old"
    assert open_release(tmp_path).manifest["text"] == "new"


def test_what_is_two_releases_old_is_removed(tmp_path: Path) -> None:
    for digest in "abc":
        release(tmp_path, "1.0.0", digest * 64)
    assert sorted(p.name for p in (tmp_path / ".releases").iterdir()) == [
        "1.0.0-" + "b" * 16,
        "1.0.0-" + "c" * 16,
    ]


def test_the_same_content_is_released_once(tmp_path: Path) -> None:
    release(tmp_path, "1.0.0", "a" * 64)
    served = open_release(tmp_path).folder.stat().st_ino
    release(tmp_path, "1.0.0", "a" * 64)
    assert open_release(tmp_path).folder.stat().st_ino == served


_DIGEST_OF_CONTENT = """
import sys
from pathlib import Path
import pyoxigraph
pyoxigraph.__version__ = sys.argv[2]
from nichiiki_ld import store
store.LAYOUT = (store.LAYOUT[0] + int(sys.argv[3]), *store.LAYOUT[1:])
from nichiiki_ld.products import content_of
print(content_of(Path(sys.argv[1])))
"""


def test_a_store_of_another_layout_is_another_release(tmp_path: Path) -> None:
    """Else the store that was built anew would be thrown away, because the data are the same."""
    (tmp_path / "SHA256SUMS").write_text("the same data", encoding="utf-8")

    def digest(engine: str, more: int) -> str:
        arguments = [sys.executable, "-c", _DIGEST_OF_CONTENT, str(tmp_path), engine, str(more)]
        return subprocess.run(arguments, capture_output=True, text=True, check=True).stdout

    assert digest("1.0", 0) == digest("1.0", 0)
    assert len({digest("1.0", 0), digest("1.1", 0), digest("1.0", 1)}) == 3


def test_a_failed_build_leaves_nothing_behind(tmp_path: Path) -> None:
    release(tmp_path, "1.0.0", "a" * 64)
    before = sorted(p.name for p in tmp_path.iterdir())
    with pytest.raises(ZeroDivisionError), new_folder(tmp_path) as folder:
        (folder / "half").write_text(str(1 / 0), encoding="utf-8")
    assert sorted(p.name for p in tmp_path.iterdir()) == before
    assert open_release(tmp_path).version == "1.0.0"


def test_what_a_killed_build_left_is_cleared_away(tmp_path: Path) -> None:
    (tmp_path / ".build-killed").mkdir()
    release(tmp_path, "1.0.0", "a" * 64)
    assert not (tmp_path / ".build-killed").exists()


def test_one_build_at_a_time(tmp_path: Path) -> None:
    with new_folder(tmp_path), pytest.raises(ReleaseError, match="another build"), new_folder(tmp_path):
        pass


def test_no_release(tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="no release") as caught:
        open_release(tmp_path)
    assert caught.value.hint == "run 'nichiiki-ld build'"


def test_dist_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "dist").write_text("", encoding="utf-8")
    with pytest.raises(ReleaseError, match="cannot be written"), new_folder(tmp_path / "dist"):
        pass
