"""A batch on its way from the process that reads to the one that writes, as plain tuples of texts.

Pickle spends three times as long on our own objects, in both processes, as on what they are made
of. Nearly all rows of a large file are prepared products; the few others travel as they are.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from pim.db import JsonText
from pim.imports.batch_reader import ReadBatch, RowComplaint, SentRow
from pim.products.change import PreparedProduct
from pim.products.new_products import prepared_input

PackedRow = SentRow | tuple[Any, ...]
PackedBatch = tuple[int, int, int, list[RowComplaint], str, list[PackedRow]]
"""Rows, unchanged, refused, complaints; the file and its rows."""


def packed(batch: ReadBatch) -> PackedBatch:
    """What :func:`unpacked` makes the batch of again."""
    file = batch.sent[0].file if batch.sent else ""
    rows = [_packed_row(one) for one in batch.sent]
    return batch.rows, batch.unchanged, batch.refused, batch.complaints, file, rows


def unpacked(packed_batch: PackedBatch) -> ReadBatch:
    """The batch as it was read."""
    rows, unchanged, refused, complaints, file, sent = packed_batch
    return ReadBatch(rows, unchanged, refused, complaints, [_row(file, one) for one in sent])


def _packed_row(row: SentRow) -> PackedRow:
    edit, prepared = row.edit, row.edit.prepared
    if prepared is None:
        return row
    entries, words = prepared.terms
    return (
        row.key,
        row.digest,
        row.is_clean,
        str(row.spelled),
        edit.identifier,
        edit.row,
        edit.cell_by_cell,
        prepared.structure_version,
        prepared.family,
        prepared.enabled,
        str(prepared.document),
        [part for entry in entries for part in entry],
        words,
        prepared.unique,
    )


def _row(file: str, packed_row: PackedRow) -> SentRow:
    if isinstance(packed_row, SentRow):
        return packed_row
    (
        key,
        digest,
        is_clean,
        spelled,
        identifier,
        line,
        cell_by_cell,
        structure_version,
        family,
        enabled,
        document,
        entries,
        words,
        unique,
    ) = packed_row
    terms = set(_pairs(entries)), words
    prepared = PreparedProduct(
        structure_version, family, enabled, JsonText(document), terms, unique
    )
    edit = prepared_input(identifier, line, prepared, cell_by_cell=cell_by_cell)
    return SentRow(file, key, digest, edit, is_clean, JsonText(spelled))


def _pairs(parts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """a, b, c, d -> (a, b), (c, d)."""
    both = iter(parts)
    return zip(both, both, strict=True)
