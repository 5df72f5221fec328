"""YAML that somebody sent: a long one is read in a process with limits.

Reading YAML costs seconds for a megabyte, and more memory than anybody would guess.
"""

from collections.abc import Mapping
from contextlib import closing
from typing import Any

import orjson

from pim.definitions import read_yaml
from pim.errors import Invalid, Text, text
from pim.foreign_yaml_process import put_together
from pim.processes.process import CauseOfDeath, ProcessDied, WorkerProcess, bare_environment
from pim.processes.refusals import read_refusal

SHORT = 50_000
"""Characters that are read here, which takes less time than to start a process."""
WALL_SECONDS = 120.0
_TOO_MUCH = text("This takes too long to read. Make several files of it.")
SENTENCES: Mapping[CauseOfDeath, Text] = {
    "too slow": _TOO_MUCH,
    "too much processor time": _TOO_MUCH,
    "crashed": text("This could not be read: it needs more memory than there is for one file."),
}


def read_foreign_yaml(document: str, name: str = "yaml") -> Any:
    """As :func:`pim.definitions.read_yaml`; :class:`Invalid` also where it takes too much."""
    if len(document) <= SHORT:
        return read_yaml(document, name)
    question = [document.encode("utf-8", "replace"), name.encode()]
    try:
        with closing(_process()) as process:
            (answer,) = process.ask(question, WALL_SECONDS)
        said: Mapping[str, Any] = orjson.loads(answer)
        if "refused" in said:
            raise read_refusal(said["refused"])
        return put_together(iter(said["read"]))
    except ProcessDied as died:
        raise Invalid({name: [SENTENCES[died.cause]]}) from None
    except (ValueError, KeyError, TypeError, AttributeError, StopIteration) as error:
        raise Invalid({name: [SENTENCES["crashed"]]}) from error


def _process() -> WorkerProcess:
    return WorkerProcess("pim.foreign_yaml_process", bare_environment(), is_quiet=True)
