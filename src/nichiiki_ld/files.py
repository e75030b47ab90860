"""Files: read with clear errors, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from nichiiki_ld.errors import NichiikiError, TableError


def read_text(path: Path) -> str:
    """Return a UTF-8 file's text with its line ends as they are.

    Raises:
        TableError: The file cannot be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise TableError(
            f"cannot be read: {error.strerror}", where=str(path), hint="restore the file"
        ) from None
    except UnicodeDecodeError as error:
        raise TableError(
            f"is not UTF-8 (byte {error.start})", where=str(path), hint="save the file as UTF-8"
        ) from None


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a whole file, or leave the old one as it is.

    Raises:
        NichiikiError: The folder cannot be written to.
    """
    data = content.encode() if isinstance(content, str) else content
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink()
            raise
    except OSError as error:
        raise NichiikiError(
            f"cannot be written: {error.strerror}", where=str(path), hint="make the folder writable"
        ) from None
