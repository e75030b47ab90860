"""Programs that some tests need and pip cannot bring."""

from __future__ import annotations

import os
import shutil

import pytest

_PLACES = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
"""Debian keeps servers where only root looks for commands."""


def needs(program: str) -> str:
    """Return the path of a program; without it skip the test, or fail where tests must not be skipped.

    `CI=true` is what CI services set, and what `.ci/run` sets. A test that is skipped
    there would never run anywhere.
    """
    if path := shutil.which(program, path=_PLACES):
        return path
    reason = f"{program} is not installed"
    if os.environ.get("CI", "").lower() in ("true", "1"):
        pytest.fail(f"{reason}, and CI must not skip what needs it: add its package to .ci/run")
    pytest.skip(reason)
