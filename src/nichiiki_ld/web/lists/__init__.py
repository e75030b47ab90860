"""The lists: projects, consortia, areas, themes, corrections; filtered, paged, and to take away."""

from __future__ import annotations

from nichiiki_ld.web.lists import feed
from nichiiki_ld.web.lists.downloads import files
from nichiiki_ld.web.lists.pages import bp

__all__ = ["bp", "feed", "files"]
