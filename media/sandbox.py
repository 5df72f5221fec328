"""The process in which pictures are decoded: ``python -m media.sandbox``, driven by media.decoder.

It may use 512 MB of memory and 10 s of processor time a picture, and can write no file. It answers
one request at a time and ends when its input does. A refusal is an answer; anything unforeseen ends
the process, which is an answer too.

Request: JSON list of presets, the file. Answer: JSON ``{"header": {…}, "sizes": [[width, height],
…]}`` and one frame for each preset, or JSON ``{"refused": [message id, parts]}``.
"""

import os
import sys
import warnings
from dataclasses import asdict

import orjson
from PIL import Image, UnidentifiedImageError

from media.images import DAMAGE, MAX_PIXELS, Header, Rendered, inspect, render_all
from media.presets import Preset
from media.wire import read_frame, write_frame
from pim.errors import Text, text

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 10


def main() -> None:
    requests = sys.stdin.buffer
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not be taken for an answer
    warnings.simplefilter("ignore")
    _limit_process()
    while True:
        try:
            presets = [Preset(**settings) for settings in orjson.loads(read_frame(requests))]
            data = read_frame(requests)
        except EOFError:
            return
        _limit_next_picture()
        for frame in _answer(data, presets):
            write_frame(answers, frame)
        answers.flush()


def _answer(data: bytes, presets: list[Preset]) -> list[bytes]:
    try:
        header = inspect(data)
        drawn = render_all(data, presets) if presets else []
    except Image.DecompressionBombError:
        limit = MAX_PIXELS // 1_000_000
        return [
            _refused(
                text(
                    "The picture has more than %(limit)s million pixels. Make it smaller.",
                    limit=limit,
                )
            )
        ]
    except MemoryError:
        return [
            _refused(
                text(
                    "The picture needs too much memory to decode. Make it smaller, or save it as a"
                    " plain JPEG."
                )
            )
        ]
    except DAMAGE as error:
        reason = (
            "unknown content"
            if isinstance(error, UnidentifiedImageError)
            else str(error)[:200] or type(error).__name__
        )
        return [
            _refused(
                text(
                    "The picture could not be decoded (%(reason)s). Export it again, as a plain"
                    " JPEG or PNG.",
                    reason=reason,
                )
            )
        ]
    return _drawn(header, drawn)


def _drawn(header: Header, drawn: list[Rendered]) -> list[bytes]:
    sizes = [[one.width, one.height] for one in drawn]
    return [orjson.dumps({"header": asdict(header), "sizes": sizes}), *(one.data for one in drawn)]


def _refused(reason: Text) -> bytes:
    return orjson.dumps({"refused": [reason.msgid, dict(reason.parts)]})


def _limit_process() -> None:
    if (
        sys.platform == "win32"
    ):  # no rlimits there: the time limit of media.decoder and the pixel limit remain
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _limit_next_picture() -> None:
    """The kernel counts a process's whole life, so each picture gets what was used so far and 10 s
    more; then SIGXCPU ends us.
    """
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(
        resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + CPU_SECONDS, hard)
    )


if __name__ == "__main__":
    main()
