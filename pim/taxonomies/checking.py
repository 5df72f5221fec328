"""Whether what was read is a tree: every code once, no circle. Pure.

Published standards name parents that are not there, and have classes without a label: such a class
stands at the top, or is shown by its code, and the upload tells of it.
"""

from collections.abc import Iterable
from dataclasses import replace

from pim.errors import Text, ngettext, text
from pim.taxonomies.faults import TaxonomyFaults, refused
from pim.taxonomies.tree import TaxonomyNode, TaxonomyTree

MOST_NODES = 100_000
LONGEST_CODE = 750
"""Google's own limit for a category that is named by its path."""
LONGEST_LABEL = 500
DEEPEST = 30


def checked_tree(nodes: Iterable[TaxonomyNode], faults: TaxonomyFaults) -> TaxonomyTree:
    """The tree of these nodes; :class:`~pim.errors.Invalid` names all that is wrong with them."""
    found: dict[str, TaxonomyNode] = {}
    for node in nodes:
        if len(found) == MOST_NODES:
            raise refused(
                ngettext(
                    "A taxonomy has at most %(num)s category.",
                    "A taxonomy has at most %(num)s categories.",
                    MOST_NODES,
                )
            )
        _check_node(node, found, faults)
        found.setdefault(node.code, node)
    for node in [one for one in found.values() if one.parent and one.parent not in found]:
        rule = text(
            "There is no category “%(code)s”; it stands at the top instead of below it.",
            code=node.parent,
        )
        faults.doubt(node.line, "parent", rule)
        found[node.code] = replace(node, parent=None)
    faults.demand_none()
    if not found:
        raise refused(text("There is no category in this file."))
    tree = TaxonomyTree(found)
    _demand_no_circle(tree, faults)
    return tree


def _check_node(
    node: TaxonomyNode, before: dict[str, TaxonomyNode], faults: TaxonomyFaults
) -> None:
    if not node.code:
        faults.add(node.line, "code", text("It has no code."))
    elif len(node.code) > LONGEST_CODE:
        faults.add(node.line, "code", _too_long(LONGEST_CODE))
    elif node.code in before:
        rule = text(
            "The code “%(code)s” is that of line %(line)s already.",
            code=node.code,
            line=before[node.code].line,
        )
        faults.add(node.line, "code", rule)
    if not any(node.labels.values()):
        faults.doubt(node.line, "label", text("It has no label."))
    elif max(map(len, node.labels.values())) > LONGEST_LABEL:
        faults.add(node.line, "label", _too_long(LONGEST_LABEL))


def _too_long(most: int) -> Text:
    return ngettext("At most %(num)s character.", "At most %(num)s characters.", most)


def _demand_no_circle(tree: TaxonomyTree, faults: TaxonomyFaults) -> None:
    depths: dict[str, int] = {}
    for node in tree.nodes.values():
        climbed: list[str] = []
        at: str | None = node.code
        while at is not None and at not in depths and len(climbed) <= DEEPEST:
            climbed.append(at)
            at = tree.nodes[at].parent
        depth = 0 if at is None else depths.get(at, 0)
        if (at is not None and at not in depths) or depth + len(climbed) > DEEPEST:
            rule = text(
                "It stands below itself, or deeper than level %(deepest)s.", deepest=DEEPEST
            )
            faults.add(node.line, "parent", rule)
            break
        for code in reversed(climbed):
            depth += 1
            depths[code] = depth
    faults.demand_none()
