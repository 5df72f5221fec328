"""By which code a feed is rendered: another exporter, format or operation may write the same
product in another way, so the feed's fingerprint holds this too.
"""

from functools import cache
from hashlib import blake2b
from importlib.metadata import EntryPoint
from importlib.resources import files
from importlib.resources.abc import Traversable

from pim import __version__
from pim.extensions import extensions
from pim.feeds.contract import Exporter
from pim.feeds.registry import GROUP

OURS = ("exporters", "pim.attributes", "pim.feeds", "pim.providers")
"""Packages with a say in what a feed says of a product."""


def code_version(exporter: type[Exporter]) -> str:
    """Changes with our release, with every file of :data:`OURS`, and for an exporter that somebody
    else ships, with its distribution and the files of its own package.
    """
    return _version_of(exporter.__module__, exporter.__qualname__)


@cache
def _version_of(module: str, name: str) -> str:
    parts = [__version__, *(_package_digest(package) for package in OURS)]
    package = module.rpartition(".")[0]
    if package and package not in OURS:
        parts.append(_package_digest(package))
    for point in extensions(GROUP):
        if point.value == f"{module}:{name}":
            parts.append(_distribution(point))
    return blake2b("\n".join(parts).encode(), digest_size=20).hexdigest()


@cache
def _package_digest(name: str) -> str:
    """The code of a package, wherever it is: in a folder or in a zip file."""
    found = blake2b(digest_size=20)
    for path, file in _modules(files(name), ""):
        found.update(path.encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()


def _modules(folder: Traversable, path: str) -> list[tuple[str, Traversable]]:
    """(path, file) of the modules of a package, as source or compiled."""
    found: list[tuple[str, Traversable]] = []
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        here = f"{path}/{entry.name}"
        if entry.is_dir() and entry.name != "__pycache__":
            found += _modules(entry, here)
        elif entry.name.endswith((".py", ".pyc")):
            found.append((here, entry))
    return found


def _distribution(point: EntryPoint) -> str:
    """What was installed: its name and version, and RECORD, which has the hash of every file."""
    installed = point.dist
    if installed is None:
        return ""
    return f"{installed.name} {installed.version} {installed.read_text('RECORD') or ''}"
