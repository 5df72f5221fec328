"""Which files a build has in the storage. Equal bytes are one file; what is said about them belongs
to one build. Pure.
"""

from pim.feeds.models import FeedBuild


def report_key(build: FeedBuild) -> str:
    """Who was left out and why: the same file can be written for other reasons, so the name says
    which build this is.
    """
    return f"{_stem(build)}.report"


def zipped_key(path: str) -> str:
    """The file as it is sent to who takes it zipped; made at the first request."""
    return f"{path}.gz"


def index_key(build: FeedBuild) -> str:
    """Where in the file each product stands, for the next build."""
    return f"{_stem(build)}.index"


def trace_key(build: FeedBuild) -> str:
    """What each product came to, for the gate to compare with."""
    return f"{_stem(build)}.trace"


def differences_key(build: FeedBuild) -> str:
    """What a build changes and why: of one that is held or doubted, and where the feed itself was
    changed.
    """
    return f"{_stem(build)}.differences"


def keys_of(build: FeedBuild) -> tuple[str, ...]:
    """Everything this build needs."""
    beside = report_key(build), index_key(build), trace_key(build), differences_key(build)
    return build.path, zipped_key(build.path), *beside


def _stem(build: FeedBuild) -> str:
    """A build is settled by its file, by what it depends on besides the products, and by the
    changes it has seen.
    """
    return f"{build.path}.{build.digest[:16]}-{build.seq}"
