"""Debian's Chromium, driven by Playwright, and what a page does in it that no page should."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from requirements import needs

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

LOCALES = {"ja": "ja-JP", "en": "en-GB"}

_TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", event =>
    console.error(`the policy was violated: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Run Chromium until the end of the block; skip the test where there is none.

    Playwright's loop runs in the thread that starts it: what runs a loop of its own in the
    same thread must come before or after.
    """
    chromium = needs("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass(eq=False)
class Tab:
    """One page of a server in a browser, and what it does.

    Attributes:
        origin: Of the server: `http://127.0.0.1:8000`.
        wrong: What the console shows as an error, what scripts fail with, what breaks the
            Content-Security-Policy, dialogs, and requests to other hosts.
    """

    page: Page
    origin: str
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen before anything is opened."""
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        self.page.on("dialog", self._dialog)
        self.page.on("request", self._request)
        self.page.add_init_script(_TELL_VIOLATIONS)

    def open(self, address: str) -> int:
        """Go to an address below the root, wait until its scripts have run, and return the status.

        The query page is waited for until it loads nothing more.
        """
        response = self.page.goto(f"{self.origin}/{address.removeprefix('/')}")
        assert response
        if "sparql" in address:
            self.page.wait_for_load_state("networkidle")
        return response.status

    def evaluate(self, script: str, argument: Any = None) -> Any:
        """Return the value of an expression of the page's own language."""
        return self.page.evaluate(script, argument)

    def unfold(self) -> None:
        """Open what is folded up, so that all of the page is there to be looked at."""
        self.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")

    def address(self) -> str:
        """Return path and query of what is shown."""
        parts = urlsplit(self.page.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def _console(self, message: ConsoleMessage) -> None:
        # That a page is itself answered with 404 is no fault of it.
        if message.type == "error" and message.location["url"] != self.page.url:
            self.wrong.append(f"console: {message.text} ({message.location['url']})")
        elif message.type == "error" and "Failed to load resource" not in message.text:
            self.wrong.append(f"console: {message.text}")

    def _dialog(self, dialog: Any) -> None:
        self.wrong.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.origin}/", "data:", "blob:", "about:")):
            self.wrong.append(f"another host: {request.url}")


@contextmanager
def open_tab(
    browser: Browser,
    port: int,
    *,
    language: str = "ja",
    width: int = 1280,
    height: int = 900,
    scheme: str = "light",
    scripts: bool = True,
) -> Iterator[Tab]:
    """Open a tab with nothing kept from before, until the end of the block.

    Args:
        port: Of a server on this machine.
        width, height: CSS pixels.
        scheme: What the person prefers: `light` or `dark`.
        scripts: Whether there is JavaScript.
    """
    context = browser.new_context(
        locale=LOCALES[language],
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        java_script_enabled=scripts,
    )
    try:
        context.set_default_timeout(15_000)
        yield Tab(context.new_page(), f"http://127.0.0.1:{port}")
    finally:
        context.close()
