"""Real PDF files for tests, set by Chromium from HTML.

    pdf = typeset("<p>一覧</p>" + table(["実施地域", "応募主体"], ["北海道北見市", "協議会"]))

They have what PDFs of offices have, and what a hand-made one has not: glyphs of embedded
fonts that name radicals for kanji, letters placed one by one, rules that are thin rectangles, rows
that break across pages. Files for what Chromium never does are written in `pdf_by_hand`.
"""

from __future__ import annotations

import atexit
import base64
import queue
import re
import threading
from collections.abc import Callable
from functools import cache
from typing import Any

from playwright.sync_api import Page

from browser import open_browser
from requirements import needs

_STYLE = """
@page { size: A4 %(orientation)s; margin: 20mm 15mm }
body { font: 10.5pt/1.45 "Noto Sans CJK JP", sans-serif; margin: 0 }
table { border-collapse: collapse; width: 100%% }
td, th { border: 0.5pt solid; padding: 2pt 4pt; text-align: left; vertical-align: middle }
th { text-align: center; font-weight: normal }
.bare td, .bare th { border: 0 }
.right { text-align: right }
%(css)s
"""

_TIMEOUT_MS = 120_000


class _Press:
    """Chromium in a thread of its own, started when first needed and ended with the tests.

    Its driver runs a loop in the thread that starts it, where no test may run another one.
    """

    def __init__(self) -> None:
        self._orders: queue.Queue[tuple[Callable[[Page], bytes], queue.Queue[Any]] | None] = queue.Queue()
        self._worker = threading.Thread(target=self._work, name="typeset", daemon=True)
        self._worker.start()
        atexit.register(self._end)

    def __call__(self, order: Callable[[Page], bytes]) -> bytes:
        answers: queue.Queue[Any] = queue.Queue()
        self._orders.put((order, answers))
        answer = answers.get(timeout=2 * _TIMEOUT_MS / 1000)
        if isinstance(answer, BaseException):
            raise answer
        assert isinstance(answer, bytes)
        return answer

    def _work(self) -> None:
        try:
            with open_browser() as browser:
                page = browser.new_page()
                page.set_default_timeout(_TIMEOUT_MS)
                while order := self._orders.get():
                    order[1].put(_done(order[0], page))
        except Exception as error:  # noqa: BLE001 - it belongs to whoever orders now
            while order := self._orders.get():
                order[1].put(error)

    def _end(self) -> None:
        self._orders.put(None)
        self._worker.join(timeout=30)


def _done(order: Callable[[Page], bytes], page: Page) -> bytes | Exception:
    try:
        return order(page)
    except Exception as error:  # noqa: BLE001 - it belongs to whoever ordered
        return error


@cache
def _press() -> _Press:
    return _Press()


@cache
def typeset(
    html_body: str, *, landscape: bool = False, css: str = "", title: str = "", head: str = "", foot: str = ""
) -> bytes:
    """Return a PDF of A4 pages; skip the test where there is no Chromium.

    Tables have thin rules; those of class `bare` have none. Text of class `right` is set at the right.

    Args:
        css: Rules after the ones that are always there.
        title: Of the document.
        head, foot: HTML above and below each page; an element of class `pageNumber` or
            `totalPages` is filled. Text needs a `font-size`.
    """
    needs("chromium")
    style = _STYLE % {"orientation": "landscape" if landscape else "portrait", "css": css}
    html = (
        f'<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{style}</style></head><body>{html_body}</body></html>"
    )

    def order(page: Page) -> bytes:
        page.set_content(html)
        return page.pdf(
            prefer_css_page_size=True,
            print_background=True,
            display_header_footer=bool(head or foot),
            header_template=head or "<span></span>",
            footer_template=foot or "<span></span>",
        )

    return _press()(order)


@cache
def scanned(html_body: str) -> bytes:
    """Return a PDF of one page that is only a picture of some text."""
    needs("chromium")

    def order(page: Page) -> bytes:
        page.set_content(f'<body style="font-family: Noto Sans CJK JP">{html_body}</body>')
        return page.screenshot()

    picture = base64.b64encode(_press()(order)).decode("ascii")
    return typeset(f'<img src="data:image/png;base64,{picture}" style="width: 100%">')


def table(*rows: list[str], kind: str = "", headings: int = 1) -> str:
    """Return a table as HTML: a cell is its content, or span and content (`2x1:金額` covers two columns of one row).

    Args:
        kind: Its class: `bare` for one without rules.
        headings: How many of the first rows are repeated on each page.
    """

    def cell(content: str, name: str) -> str:
        span = re.match(r"(\d+)x(\d+):", content)
        if span is None:
            return f"<{name}>{content}</{name}>"
        return f'<{name} colspan="{span[1]}" rowspan="{span[2]}">{content[span.end() :]}</{name}>'

    def lines(part: tuple[list[str], ...], name: str) -> str:
        return "".join(f"<tr>{''.join(cell(content, name) for content in row)}</tr>" for row in part)

    return (
        f'<table class="{kind}"><thead>{lines(rows[:headings], "th")}</thead>'
        f"<tbody>{lines(rows[headings:], 'td')}</tbody></table>"
    )


def ruby(name: str, reading: str) -> str:
    """Return a name with its reading above it, as HTML."""
    return f"<ruby>{name}<rt>{reading}</rt></ruby>"
