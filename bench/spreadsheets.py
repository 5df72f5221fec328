"""What spreadsheets of many products cost: ``python -m bench.spreadsheets [--rows 100000]``.

All products go out into a workbook and into CSV with every attribute, and come back untouched, and
with one cell changed in each row. Each is held against the bare work: the same cells written by
xlsxwriter or csv, and read by calamine or csv. Times are the processor's, so that a neighbour does
not count. Ends with 1 when a limit is broken.
"""

import argparse
import csv
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import xlsxwriter
from python_calamine import load_workbook

from bench.__main__ import Hub, Step, run

MEGABYTES = 300.0
"""What any step may need at its peak."""
CHANGED = "note"
"""The column in which every row is changed."""


LIMITS = {
    "export csv": 15.0,
    "export xlsx": 3.0,
    "back csv": 60.0,
    "back xlsx": 12.0,
    "back changed csv": 120.0,
}
"""How often the time of the bare work a step may take."""


def rows_of(path: Path) -> Iterator[list[str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        yield from csv.reader(file)


def write_raw_workbook(source: Path, target: Path) -> None:
    """The cells of a CSV file into a workbook, row by row."""
    with xlsxwriter.Workbook(str(target), {"constant_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        for line, row in enumerate(rows_of(source)):
            for place, cell in enumerate(row):
                if cell:
                    sheet.write_string(line, place, cell)


def write_raw_csv(source: Path, target: Path) -> None:
    with target.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows_of(source))


def read_raw_workbook(source: Path, target: Path) -> None:
    for _row in load_workbook(str(source)).get_sheet_by_index(0).iter_rows():
        pass


def read_raw_csv(source: Path, target: Path) -> None:
    for _row in rows_of(source):
        pass


BARE = {
    one.__name__: one
    for one in (write_raw_workbook, write_raw_csv, read_raw_workbook, read_raw_csv)
}


def change_every_row(source: Path, target: Path) -> None:
    """One cell of each row says something else."""
    head, *rows = rows_of(source)
    place = head.index(CHANGED)
    with target.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        for number, row in enumerate(rows):
            writer.writerow([*row[:place], f"Changed {number}", *row[place + 1 :]])


def bare(hub: Hub, name: str, source: Path) -> float:
    """Processor seconds of the bare work."""
    command = [sys.executable, "-m", "bench.spreadsheets", "--bare", name, str(source)]
    return float(run(command, hub.environ).answer["seconds"])


class Cost(NamedTuple):
    """``seconds``: of processors, without those in which a program begins; ``bare``: those of the
    bare work. ``peak``: megabytes.
    """

    seconds: float
    bare: float
    peak: float


def measure(hub: Hub) -> dict[str, Cost]:
    """Step -> what it cost."""
    folder = hub.folder
    found: dict[str, Cost] = {}
    book, text, changed = folder / "out.xlsx", folder / "out.csv", folder / "changed.csv"
    export = ("products", "export", "--all", "--json", "--output")
    back = ("products", "bring-back", "--dry-run", "--json")
    start = hub.pim("--version").seconds

    def costs(step: Step, name: str, source: Path) -> Cost:
        return Cost(step.seconds - start, bare(hub, name, source), step.peak)

    found["export csv"] = costs(hub.pim(*export, text), "write_raw_csv", text)
    found["export xlsx"] = costs(hub.pim(*export, book), "write_raw_workbook", text)
    found["back csv"] = costs(untouched(hub.pim(*back, text)), "read_raw_csv", text)
    found["back xlsx"] = costs(untouched(hub.pim(*back, book)), "read_raw_workbook", book)
    change_every_row(text, changed)
    found["back changed csv"] = costs(hub.pim(*back, changed), "read_raw_csv", changed)
    return found


def untouched(step: Step) -> Step:
    if step.answer["cells"]:
        sys.exit(f"Something was changed of an untouched file: {step.answer['changes'][:3]}")
    return step


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.spreadsheets", description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--bare", nargs=2, metavar=("NAME", "FILE"))
    given = parser.parse_args()
    if given.bare:
        name, source = given.bare
        began = time.process_time()
        BARE[name](Path(source), Path(source).with_suffix(".raw.xlsx"))
        print(f'{{"seconds": {time.process_time() - began}}}')
        return
    with tempfile.TemporaryDirectory(prefix="etalage-sheets-") as folder:
        hub = Hub(Path(folder), given.rows)
        hub.begin()
        hub.import_file(hub.source, "profile.yaml", "created", hub.rows)
        report(measure(hub))


def report(found: dict[str, Cost]) -> None:
    broken = False
    for name, limit in LIMITS.items():
        cost = found[name]
        times = cost.seconds / cost.bare
        is_broken = times > limit or cost.peak > MEGABYTES
        broken |= is_broken
        mark = "ABOVE" if is_broken else "kept"
        print(
            f"{mark:6}{name:18}{cost.seconds:7.1f} s  {times:5.1f} times the bare work"
            f" (limit {limit:.0f}){cost.peak:6.0f} MB (limit {MEGABYTES:.0f})"
        )
    sys.exit(broken)


if __name__ == "__main__":
    main()
