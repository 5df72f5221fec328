"""Verbs on taxonomies: keep a file as a version, forget one.

The file of a newer version decides which categories there are; labels in languages that it does
not have stay, for what is in both. A file that only ``adds_language`` changes no category: it gives
labels to those that are there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from pim import audit
from pim.accounts.principals import THE_PROGRAM
from pim.db import JsonText, wait_for_turn
from pim.errors import Invalid, NotFound, text
from pim.taxonomies import queries
from pim.taxonomies.models import Taxonomy, TaxonomyVersion
from pim.taxonomies.tree import TaxonomyNode, TaxonomyTree, store_nodes
from pim.values import CODE
from pim.versions import fingerprint

LONGEST_LABEL = 255


@dataclass(frozen=True)
class RenamedNode:
    """A category whose label a newer version changes: ``before`` and ``after`` are paths."""

    code: str
    before: str
    after: str


@dataclass(frozen=True)
class TaxonomyUpload:
    """What an upload came to. ``is_new``: it made a version; a file with nothing new does not.
    ``vanished``: code -> path of what was there before.
    """

    code: str
    number: int
    is_new: bool
    size: int
    languages: Sequence[str]
    added: Sequence[str]
    vanished: Mapping[str, str]
    renamed: Sequence[RenamedNode]


def upload(
    session: Session,
    code: str,
    read: TaxonomyTree,
    filename: str,
    now: datetime,
    *,
    label: str = "",
    adds_language: bool = False,
    by: str = THE_PROGRAM.name,
) -> TaxonomyUpload:
    """Keep a tree as the newest version of the taxonomy ``code``, which is made where there is
    none. ``label``: what people call it; "" for as it was. :class:`~pim.errors.Invalid`.
    """
    _check_names(code, label)
    wait_for_turn(session, "taxonomy")
    taxonomy = session.get(Taxonomy, code)
    if taxonomy is None:
        if adds_language:
            raise NotFound(text("There is no taxonomy “%(code)s”.", code=code))
        taxonomy = Taxonomy(code=code, label=label or code, newest=0)
        session.add(taxonomy)
        session.flush()
    before = _newest_tree(session, taxonomy)
    tree = _labelled(before, read) if adds_language else _with_other_languages(read, before)
    number = taxonomy.newest
    stored = store_nodes(tree)
    digest = fingerprint(stored)
    is_new = not number or queries.version(session, code, number).digest != digest
    if is_new:
        number += 1
        version = TaxonomyVersion(
            taxonomy=code,
            number=number,
            filename=filename[-255:],
            languages=list(tree.languages),
            size=len(tree.nodes),
            digest=digest,
            at=now,
            by=by,
            nodes=JsonText.of(stored),
        )
        session.add(version)
        session.flush()
    old = {"label": taxonomy.label, "version": taxonomy.newest} if taxonomy.newest else None
    taxonomy.label, taxonomy.newest = label or taxonomy.label, number
    new = {"label": taxonomy.label, "version": number}
    audit.record(session, "taxonomy", code, old, new, now, by)
    session.flush()
    return _outcome(code, number, before, tree, is_new=is_new)


def _check_names(code: str, label: str) -> None:
    if not CODE.fullmatch(code) or len(code) > 63:
        raise Invalid(
            {
                "code": [
                    text("“%(code)s” is not a code (a-z, 0-9 and _, first a letter).", code=code)
                ]
            }
        )
    if len(label) > LONGEST_LABEL:
        raise Invalid({"label": [text("This name is too long.")]})


def _newest_tree(session: Session, taxonomy: Taxonomy) -> TaxonomyTree:
    if not taxonomy.newest:
        return TaxonomyTree({})
    return queries.tree(session, taxonomy.code, taxonomy.newest)


def _labelled(before: TaxonomyTree, read: TaxonomyTree) -> TaxonomyTree:
    """The categories that were there, with the labels and words of a file as well."""
    return TaxonomyTree.of(
        replace(_joined(node, read.nodes[node.code]), parent=node.parent)
        if node.code in read.nodes
        else node
        for node in before.nodes.values()
    )


def _with_other_languages(read: TaxonomyTree, before: TaxonomyTree) -> TaxonomyTree:
    return TaxonomyTree.of(
        _joined(before.nodes[node.code], node) if node.code in before.nodes else node
        for node in read.nodes.values()
    )


def _joined(before: TaxonomyNode, after: TaxonomyNode) -> TaxonomyNode:
    """``after`` says what it has, ``before`` the rest; the place in the tree is its own."""
    labels, words = {**before.labels, **after.labels}, {**before.words, **after.words}
    return replace(after, labels=labels, words=words)


def _outcome(
    code: str, number: int, before: TaxonomyTree, tree: TaxonomyTree, *, is_new: bool
) -> TaxonomyUpload:
    language = next(iter(before.languages), "")
    shared = [one for one in tree.nodes if one in before.nodes]
    paths = [
        RenamedNode(one, before.path(one, language), tree.path(one, language)) for one in shared
    ]
    return TaxonomyUpload(
        code,
        number,
        is_new,
        len(tree.nodes),
        tree.languages,
        [one for one in tree.nodes if one not in before.nodes] if before.nodes else [],
        {one: before.path(one, language) for one in before.nodes if one not in tree.nodes},
        [one for one in paths if one.before != one.after],
    )


def remove(session: Session, code: str, now: datetime, *, by: str = THE_PROGRAM.name) -> None:
    """Forget a taxonomy with all its versions. Whether a feed uses it is asked before."""
    taxonomy = queries.get(session, code)
    old = {"label": taxonomy.label, "version": taxonomy.newest}
    audit.record(session, "taxonomy", code, old, None, now, by)
    session.execute(delete(TaxonomyVersion).where(TaxonomyVersion.taxonomy == code))
    session.delete(taxonomy)
    session.flush()
