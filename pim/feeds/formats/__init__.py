"""How a file is spelt: tables, JSON, XML, and files that are put together at the end."""

from pim.feeds.formats.assembled import RUNNING_NUMBER, Assembled, Bundle, Part, Parts, Sections
from pim.feeds.formats.base import FORBIDDEN, FileCheck, Format, Record, Totals, encoded
from pim.feeds.formats.json_text import JsonArray, JsonLines, json_number
from pim.feeds.formats.spelled_csv import CsvSpelling, SpelledCsv
from pim.feeds.formats.table import Csv, ListEscape, Tsv
from pim.feeds.formats.xml import PIECE, Attributed, Xml, element

__all__ = [
    "FORBIDDEN",
    "PIECE",
    "RUNNING_NUMBER",
    "Assembled",
    "Attributed",
    "Bundle",
    "Csv",
    "CsvSpelling",
    "FileCheck",
    "Format",
    "JsonArray",
    "JsonLines",
    "ListEscape",
    "Part",
    "Parts",
    "Record",
    "Sections",
    "SpelledCsv",
    "Totals",
    "Tsv",
    "Xml",
    "element",
    "encoded",
    "json_number",
]
