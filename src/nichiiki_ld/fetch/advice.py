"""What to do when a document cannot be fetched."""

from __future__ import annotations

DOWNLOAD = "download it with a browser, and import the file"
