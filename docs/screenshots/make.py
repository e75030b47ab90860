"""Make the pictures in this folder anew, from a server that runs.

    make serve
    python docs/screenshots/make.py http://localhost:8000

Needs Chromium and a font with Japanese characters (Debian: `chromium`, `fonts-noto-cjk`).
"""

from __future__ import annotations

import argparse
import io
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import sync_playwright

FOLDER = Path(__file__).parent
QUERIES = FOLDER.parent.parent / "data/queries"
WIDTH, HEIGHT = 1280, 900
COLOURS = 128
MOST_BYTES = 150_000


@dataclass(frozen=True, slots=True)
class Picture:
    """What is shown.

    Attributes:
        address: Below the root.
        top: Selector of what stands at the upper edge; empty for the top of the page.
    """

    address: str
    top: str = ""


def _query(name: str) -> str:
    return "sparql?" + urlencode({"query": (QUERIES / f"{name}.rq").read_text(encoding="utf-8")})


PICTURES: Mapping[str, Picture] = {
    "home": Picture("ja/"),
    "projects": Picture("ja/projects?theme=vacant-houses"),
    "project": Picture("en/project/2024-2-10.html"),
    "document": Picture("ja/document/2025-07-01-mlit.html", "#row-10"),
    "corrections": Picture("ja/corrections"),
    "query": Picture("en/" + _query("areas-on-a-map"), "#results"),
}


def make(server: str, chromium: str) -> None:
    """Write every picture.

    Raises:
        SystemExit: A page is not there, or its picture is too large.
    """
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        for name, picture in PICTURES.items():
            response = page.goto(f"{server}/{picture.address}", wait_until="networkidle")
            if not response or not response.ok:
                raise SystemExit(f"/{picture.address} is not there")
            if picture.top:
                page.locator(picture.top).first.evaluate("each => each.scrollIntoView()")
            content = _small(page.screenshot())
            if len(content) > MOST_BYTES:
                raise SystemExit(f"{name}: {len(content):,} bytes are more than {MOST_BYTES:,}")
            (FOLDER / f"{name}.png").write_bytes(content)
        browser.close()


def _small(content: bytes) -> bytes:
    """Return a PNG with few colours."""
    image = Image.open(io.BytesIO(content)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    output = io.BytesIO()
    image.save(output, "PNG", optimize=True)
    return output.getvalue()


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("server", help="address of the server, without a slash at its end")
    parser.add_argument("--chromium", default=shutil.which("chromium"), help="path of Chromium")
    arguments = parser.parse_args()
    if not arguments.chromium:
        sys.exit("chromium is not installed")
    make(arguments.server, arguments.chromium)


if __name__ == "__main__":
    main()
