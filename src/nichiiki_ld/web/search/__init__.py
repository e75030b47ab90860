"""Search: its page, its answers for programs, and what each result tells."""

from nichiiki_ld.web.search.pages import bp

__all__ = ["bp"]
