"""Whatever a file does to the process that decodes it, this process lives and the next picture is
drawn.
"""

import csv
import io
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from media import decoder
from media.decoder import DecoderProcess, decode
from media.presets import PRESETS
from pim.errors import Invalid
from pim.processes import process as processes
from pim.processes.frames import write_frames

PRESENT = [PRESETS["thumb"], PRESETS["zoom"]]


def picture(size: tuple[int, int] = (300, 200), format: str = "PNG", mode: str = "RGB") -> bytes:
    out = BytesIO()
    Image.new(mode, size).save(out, format)
    return out.getvalue()


def complaint(data: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        decode(data, PRESENT)
    assert list(refused.value.messages) == ["file"]
    return str(refused.value.messages["file"][0])


def test_a_picture_comes_back_in_every_preset_asked_for() -> None:
    decoded = decode(picture(), PRESENT)
    assert (decoded.width, decoded.height, decoded.frames) == (300, 200, 1)
    assert [(one.preset.name, one.width, one.height) for one in decoded.drawn] == [
        ("thumb", 160, 107),
        ("zoom", 300, 200),
    ]
    assert [Image.open(BytesIO(one.data)).size for one in decoded.drawn] == [(160, 107), (300, 200)]


TAKEN = {"JPEG", "MPO", "PNG", "WEBP", "GIF", "TIFF", "AVIF"}


def test_of_the_awkward_pictures_those_that_decode_are_drawn_and_the_others_refused(
    shared: Path,
) -> None:
    folder = shared / "data" / "images"
    with (folder / "index.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    refused = set()
    for row in rows:
        try:
            drawn = decode((folder / row["file"]).read_bytes(), [PRESETS["feed"]]).drawn
            assert Image.open(BytesIO(drawn[0].data)).mode == "RGB"
        except Invalid:
            refused.add(row["file"])
    hopeless = {
        row["file"] for row in rows if row["pillow_result"] != "ok" or row["format"] not in TAKEN
    }
    # Pillow opens this one; reading its pixels to the end fails.
    assert refused == hopeless | {"broken_or_hostile/broken_data_stream.png"}
    assert len(rows) - len(refused) == 50


def test_a_decompression_bomb_is_refused_from_its_header(shared: Path) -> None:
    data = (shared / "data/images/broken_or_hostile/decompression_bomb.gif").read_bytes()
    assert "more than 64 million pixels" in complaint(data)


def test_one_row_of_pixels_too_many_is_refused_and_the_worker_lives() -> None:
    assert "more than 64 million pixels" in complaint(picture((8001, 8000), mode="1"))
    assert decoder._idle[-1].is_alive()


def test_a_picture_that_needs_more_memory_than_allowed_is_refused_and_the_next_is_drawn() -> None:
    assert "memory" in complaint(picture((7900, 7900), mode="RGBA"))
    assert decode(picture(), PRESENT).width == 300


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"<html><script>alert(1)</script></html>", "HTML/XML"),
        (b"\xef\xbb\xbf <?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0heicmif1", "HEIC"),
        (b"BM" + bytes(60), "BMP"),
        (b"just some text", "neither a picture nor a PDF"),
        (b"%PDF-1.7", "PDF"),
        (b"\xff\xd8\xff" + bytes(100), "could not be decoded"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "could not be decoded"),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf" + bytes(50), "could not be decoded"),
        (picture()[:-30], "could not be decoded"),
    ],
)
def test_the_refusal_says_what_is_wrong(data: bytes, words: str) -> None:
    assert words in complaint(data)


def test_noise_after_a_good_start_never_reaches_the_parent() -> None:
    for format in ("JPEG", "PNG", "GIF", "TIFF", "WEBP", "AVIF"):
        good = bytearray(picture((64, 64), format))
        for place in range(12, len(good), max(1, len(good) // 25)):
            hostile = bytes(good[:place]) + bytes([good[place] ^ 0xFF]) + bytes(good[place + 1 :])
            with suppress(Invalid):  # any other exception fails the test
                assert decode(hostile, PRESENT).width > 0
    assert decode(picture(), PRESENT).width == 300


def test_a_worker_that_dies_over_a_picture_is_replaced() -> None:
    decoder.close_all()
    worker = DecoderProcess()
    os.kill(
        worker._process.pid, signal.SIGSTOP
    )  # it will not read what we send, and then it is gone
    threading.Timer(0.2, lambda: os.kill(worker._process.pid, signal.SIGSEGV)).start()
    threading.Timer(0.3, lambda: os.kill(worker._process.pid, signal.SIGCONT)).start()
    with pytest.raises(Invalid, match="could not be decoded"):
        worker.draw(picture((2000, 2000)), PRESENT)
    worker.close()
    assert decode(picture(), PRESENT).width == 300


def test_a_worker_that_does_not_answer_is_ended_after_the_time_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(decoder, "WALL_SECONDS", 0.2)
    worker = DecoderProcess()
    os.kill(worker._process.pid, signal.SIGSTOP)
    with pytest.raises(Invalid, match="too long"):
        worker.draw(picture(), PRESENT)
    assert not worker.is_alive()
    worker.close()


def test_a_worker_that_died_while_idle_costs_no_picture() -> None:
    decode(picture(), PRESENT)
    for worker in decoder._idle:
        worker._process.kill()
        worker._process.wait()
    assert decode(picture(), PRESENT).width == 300


def test_an_interrupted_wait_never_hands_its_answer_to_the_next_picture(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupt(stream: object) -> list[bytes]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(processes, "read_frames", interrupt)
        with pytest.raises(KeyboardInterrupt):
            decode(picture((50, 50)), PRESENT)
    assert decode(picture(), PRESENT).width == 300


def test_the_sandbox_has_limits_on_memory_and_files_and_does_not_know_our_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not Path("/proc/self/limits").exists():
        pytest.skip("no /proc to look at the limits")
    monkeypatch.setenv("PIM_DATABASE_URL", "postgresql://user:secret@host/db")
    worker = DecoderProcess()
    worker.draw(picture(), PRESENT)
    process = Path(f"/proc/{worker._process.pid}")
    limits = {
        line[:25].strip(): line[25:].split()[:2]
        for line in (process / "limits").read_text().splitlines()[1:]
    }
    assert limits["Max address space"] == [str(512 * 1024 * 1024)] * 2
    assert limits["Max file size"] == ["0", "0"]
    assert 10 <= int(limits["Max cpu time"][0]) <= 15
    assert b"secret" not in (process / "environ").read_bytes()
    worker.close()


def test_a_loop_without_end_is_ended_by_the_limit_on_processor_time() -> None:
    code = "import media.sandbox as s; s.CPU_SECONDS = 1\ndef spin(frames):\n  while True: pass\n"
    code += "s.answer = spin\ns.main()"
    question = io.BytesIO()
    write_frames(question, [b"[]", b"x"])
    command = [sys.executable, "-c", code]
    ended = subprocess.run(
        command, input=question.getvalue(), cwd=processes.ROOT, timeout=60, check=False
    )
    assert ended.returncode == -signal.SIGXCPU


@pytest.mark.filterwarnings(
    "ignore:.*fork:DeprecationWarning"
)  # that is what a pre-forking server does
def test_a_forked_server_process_starts_workers_of_its_own() -> None:
    decode(picture(), PRESENT)
    before = len(decoder._idle)
    child = os.fork()
    if child == 0:
        is_well = not decoder._idle and decode(picture(), PRESENT).width == 300
        decoder.close_all()
        os._exit(0 if is_well else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert len(decoder._idle) == before
    assert decode(picture(), PRESENT).width == 300
