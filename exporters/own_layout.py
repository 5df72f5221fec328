"""A file of your own layout: its columns are the feed's. For the way back to an ERP, and for
partners without an exporter.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from pim.feeds.contract import (
    CsvSpelling,
    Example,
    Exporter,
    Field,
    Format,
    JsonLines,
    Listing,
    Option,
    OwnColumn,
    Problem,
    Record,
    SpelledCsv,
    Text,
    Xml,
    bare,
    json_number,
    text,
)

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}
QUOTES = {"double": '"', "single": "'"}
ENCODINGS = {"UTF-8": "utf-8", "UTF-8 with BOM": "utf-8-sig", "Windows-1252": "cp1252"}
LINE_ENDS = {"CRLF": "\r\n", "LF": "\n"}
DECIMALS = {"point": ".", "comma": ","}
DATES = {
    "2026-12-31": "{0.year:04}-{0.month:02}-{0.day:02}",
    "31-12-2026": "{0.day:02}-{0.month:02}-{0.year:04}",
    "31.12.2026": "{0.day:02}.{0.month:02}.{0.year:04}",
    "31/12/2026": "{0.day:02}/{0.month:02}/{0.year:04}",
    "12/31/2026": "{0.month:02}/{0.day:02}/{0.year:04}",
    "20261231": "{0.year:04}{0.month:02}{0.day:02}",
}
"""The last day of 2026, as it is offered -> how any day is written so."""
FORMATS = ("csv", "jsonl", "xml")
LETTERS = "A-Za-z_\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff"
XML_NAME = re.compile(f"(?![xX][mM][lL])[{LETTERS}][{LETTERS}0-9.\u00b7-]*")
"""Of the names that XML allows those that European languages spell."""
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a cell that begins with one of these for a formula."""


class OwnLayout(Exporter):
    code = "own_layout"
    label = text("Your own layout")
    purpose = text("ERP and other partners")
    fields = ()
    options = (
        Option("columns", text("Columns"), "columns"),
        Option("format", text("Format"), "choice", "csv", choices=FORMATS),
        Option("root", text("XML: element of the whole file"), default="products", max_length=60),
        Option("element", text("XML: element of a product"), default="product", max_length=60),
        Option(
            "delimiter", text("Between the cells"), "choice", "semicolon", choices=tuple(DELIMITERS)
        ),
        Option("quote", text("Quotes"), "choice", "double", choices=tuple(QUOTES)),
        Option("encoding", text("Encoding"), "choice", "UTF-8", choices=tuple(ENCODINGS)),
        Option("line_end", text("End of a line"), "choice", "CRLF", choices=tuple(LINE_ENDS)),
        Option("header", text("The first line names the columns"), "boolean", True),
        Option("decimal", text("Decimal sign"), "choice", "point", choices=tuple(DECIMALS)),
        Option("date", text("Dates are written as"), "choice", "2026-12-31", choices=tuple(DATES)),
        Option("yes", text("Word for yes"), default="true", required=True, max_length=30),
        Option("no", text("Word for no"), default="false", required=True, max_length=30),
        Option(
            "separator",
            text("Between several values of a cell"),
            default=",",
            required=True,
            max_length=3,
        ),
        Option(
            "guard",
            text("Keep spreadsheets from reading texts as formulas"),
            "boolean",
            True,
            help=text(
                "A text that begins with =, +, - or @ has an apostrophe in front. Imports of this"
                " hub take it off again."
            ),
        ),
    )
    example = Example(
        {
            "columns": [
                {"name": "Artikelnummer", "required": True, "unique": True},
                {"name": "EAN", "kind": "gtin", "required": True},
                {"name": "Omschrijving", "required": True},
                {"name": "Prijs", "kind": "number"},
                {"name": "Kleur", "kind": "code"},
            ]
        },
        {
            "Artikelnummer": {"from": ["$identifier"]},
            "EAN": {"from": ["ean"]},
            "Omschrijving": {"from": ["name"]},
            "Prijs": {"from": ["price"]},
            "Kleur": {"from": ["color"]},
        },
        consumer="Python's own reader of CSV",
    )

    @classmethod
    def fields_for(cls, options: Mapping[str, Any]) -> Sequence[Field]:
        return [one.field(options["yes"], options["no"]) for one in options.get("columns") or ()]

    @classmethod
    def format_for(cls, options: Mapping[str, Any]) -> Format:
        columns: Sequence[OwnColumn] = options["columns"]
        unique = [one.name for one in columns if one.unique]
        key = unique[0] if unique else ""
        if options["format"] == "jsonl":
            return JsonLines(key)
        if options["format"] == "xml":
            root = options["root"]
            return Xml(options["element"], f"<{root}>", f"</{root}>", key=key)
        spelling = CsvSpelling(
            DELIMITERS[options["delimiter"]],
            QUOTES[options["quote"]],
            ENCODINGS[options["encoding"]],  # type: ignore[arg-type]
            LINE_ENDS[options["line_end"]],
            options["header"],
            options["separator"],
        )
        return SpelledCsv([one.name for one in columns], spelling, unique=unique)

    def item(self, listing: Listing) -> Record | None:
        columns: Sequence[OwnColumn] = self.context.options["columns"]
        record: dict[str, Any] = {}
        for column in columns:
            value = listing.get(column.name)
            if value is not None:
                record[column.name] = self._cell(column, value)
        return record if columns else None

    def _cell(self, column: OwnColumn, value: Any) -> Any:
        if type(value) is list:
            return [self._cell(column, one) for one in value]
        options = self.context.options
        is_json = options["format"] == "jsonl"
        if is_json and column.kind == "number":
            return json_number(bare(value))
        if is_json and column.kind == "yes_no":
            return value == options["yes"]
        if column.kind == "number":
            return str(bare(value)).replace(".", DECIMALS[options["decimal"]])
        if column.kind == "date":
            return DATES[options["date"]].format(date.fromisoformat(value))
        spelled = str(value)
        is_guarded = options["guard"] and options["format"] == "csv"
        return "'" + spelled if is_guarded and spelled[:1] in FORMULA_SIGNS else spelled

    def check(self, listing: Listing) -> Iterable[Problem]:
        encoding = ENCODINGS[self.context.options["encoding"]]
        if encoding != "cp1252" or self.context.options["format"] != "csv":
            return
        for name, value in listing.items():
            sign = _not_in(encoding, value)
            if sign:
                message = text("The encoding of this file has no sign “%(sign)s”.", sign=sign)
                yield Problem(name, "encoding", message, str(value))

    @classmethod
    def check_options(cls, options: Mapping[str, Any]) -> Mapping[str, Text]:
        columns: Sequence[OwnColumn] = options["columns"] or ()
        wrong = {} if options["format"] != "xml" else _wrong_names(options, columns)
        if options["yes"] == options["no"]:
            wrong["no"] = text("Yes and no need two words.")
        is_table = options["format"] == "csv"
        decimal, delimiter = DECIMALS.get(options["decimal"]), DELIMITERS.get(options["delimiter"])
        if is_table and decimal == delimiter:
            wrong["decimal"] = text("The decimal sign stands between the cells already.")
        encoding = ENCODINGS.get(options["encoding"], "utf-8")
        for column in columns if is_table else ():
            sign = _not_in(encoding, column.name)
            if sign:
                wrong["encoding"] = text(
                    "The encoding has no sign “%(sign)s”, which “%(column)s” is called with.",
                    sign=sign,
                    column=column.name,
                )
        return wrong


def _wrong_names(options: Mapping[str, Any], columns: Iterable[OwnColumn]) -> dict[str, Text]:
    """Names that cannot be those of elements."""
    names = [(option, str(options[option])) for option in ("root", "element")]
    names += [("format", column.name) for column in columns]
    return {
        option: text(
            "“%(name)s” is no name of an XML element: a letter, then letters, digits, - _ or .",
            name=name,
        )
        for option, name in names
        if not XML_NAME.fullmatch(name)
    }


def _not_in(encoding: str, value: Any) -> str:
    """The first sign that the encoding does not have; "" where it has all."""
    spelled = " ".join(map(str, value)) if type(value) is list else str(value)
    try:
        spelled.encode(encoding, "surrogatepass" if encoding.startswith("utf") else "strict")
    except UnicodeEncodeError as error:
        return spelled[error.start]
    return ""
