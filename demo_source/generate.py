"""Rebuilds the demo's files, always the same bytes: ``python -m demo_source.generate [FOLDER]``. A
test compares.
"""

import csv
import io
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from demo_source import erp_files, picture_files, text_files
from pim.demo.load import HERE


def files() -> dict[str, bytes]:
    """File name -> content of the files that come out of articles/*.yaml."""
    return {
        "erp_models.csv": _erp(erp_files.MODEL_HEAD, erp_files.model_rows()),
        "erp.csv": _erp(erp_files.ARTICLE_HEAD, erp_files.article_rows()),
        "texts_models.csv": (
            _table(text_files.HEAD, text_files.model_rows(), ",", "\n").encode("utf-8")
        ),
        "texts.csv": _table(text_files.HEAD, text_files.article_rows(), ",", "\n").encode("utf-8"),
        "pictures.csv": (
            _table(picture_files.HEAD, picture_files.picture_rows(), ",", "\n").encode("utf-8")
        ),
    }


def write(folder: Path) -> list[Path]:
    """Write them into a folder and say which."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name in files()]
    for path, content in zip(paths, files().values(), strict=True):
        path.write_bytes(content)
    return paths


def _erp(head: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    return _table(head, rows, ";", "\r\n").encode("windows-1252")


def _table(
    head: Sequence[str], rows: Iterable[Mapping[str, str]], delimiter: str, newline: str
) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=newline)
    writer.writerow(head)
    writer.writerows([row.get(column, "") for column in head] for row in rows)
    return buffer.getvalue()


if __name__ == "__main__":
    for written in write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE):
        print(written.name)
