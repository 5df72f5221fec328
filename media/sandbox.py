"""The process in which pictures are decoded: ``python -m media.sandbox``, driven by media.decoder.

It may use 512 MB of memory and 10 s of processor time a picture, and can write no file. It answers
one request at a time and ends when its input does. A refusal is an answer; anything unforeseen ends
the process, which is an answer too.

Request: JSON list of presets, the file. Answer: JSON ``{"header": {…}, "sizes": [[width, height],
…]}`` and one frame for each preset, or JSON ``{"refused": [message id, parts]}``.
"""

import warnings
from collections.abc import Sequence
from dataclasses import asdict

import orjson
from PIL import Image, UnidentifiedImageError

from media.images import DAMAGE, MAX_PIXELS, Header, Rendered, inspect, render_all
from media.presets import Preset
from pim.errors import Text, text
from pim.processes.worker import Limits, serve

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 10


def main() -> None:
    warnings.simplefilter("ignore")
    serve(answer, Limits(memory=MEMORY, cpu_seconds=CPU_SECONDS, writes_files=False))


def answer(frames: Sequence[bytes]) -> list[bytes]:
    """A question, as it is described above, and its answer."""
    wanted, data = frames
    return _answer(data, [Preset(**settings) for settings in orjson.loads(wanted)])


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


if __name__ == "__main__":
    main()
