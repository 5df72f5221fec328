"""What became of a form, or of an undo, in words at the top of the next page: what was done, and
what of it was not, with the reason.
"""

from collections.abc import Sequence
from dataclasses import replace

from pim import owners
from pim.errors import Text, text
from pim.problems import Problem
from pim.products.change import WriteResult
from pim.products.revert import UndoneChange
from pim.structure.objects import Structure
from pim.values import Document
from pim.web.look import with_names
from pim.web.page import Undo, say
from pim.web.products.around import address_label
from pim.web.products.form import shown_value
from pim.workflow import NAMES


def say_saved(
    structure: Structure, result: WriteResult, saved: Text, undo: Undo | None = None
) -> None:
    """``saved``: what is said where something was, with the way back. What was sent and left out is
    said too, or somebody believes that it was taken.
    """
    left_out = _left_out(structure, result.problems)
    if result.outcome != "unchanged":
        say(saved, undo=undo)
    elif not left_out:
        say(text("Nothing was changed."), "info")
    for sentence in left_out:
        say(sentence, "warning")


def _left_out(structure: Structure, problems: Sequence[Problem]) -> list[Text]:
    """A sentence for each reason why values were left out, or taken with a doubt."""
    same_reason: dict[str, list[Problem]] = {}
    for one in problems:
        same_reason.setdefault(str(_reason(structure, one)), []).append(one)
    return [_sentence(structure, group) for group in same_reason.values()]


def _sentence(structure: Structure, problems: Sequence[Problem]) -> Text:
    """What is said of values that share a reason."""
    fields = ", ".join(address_label(structure, one.address) for one in problems)
    why = _reason(structure, problems[0])
    if problems[0].severity == "warning":
        return text("%(fields)s: %(why)s", fields=fields, why=why)
    return text("Not saved: %(fields)s. %(why)s", fields=fields, why=why)


def _reason(structure: Structure, problem: Problem) -> Text:
    attribute = structure.attribute_at.get(problem.address)
    if problem.rule != "owner" or attribute is None:
        return problem.message
    return text(
        "This belongs to “%(owner)s” now, which alone may overwrite it.",
        owner=owners.name_of(attribute.owner),
    )


def in_words(structure: Structure, document: Document, problem: Problem) -> Problem:
    """A conflict says what somebody else made of the value as a person reads it: labels, not
    codes, and who it was by their name. ``document``: as it stands now.
    """
    if problem.rule != "conflict":
        return problem
    theirs = shown_value(structure, problem.address, document.get(problem.address))
    said = with_names(problem.message)
    return replace(problem, message=Text(said.msgid, {**said.parts, "theirs": theirs}))


def say_undone(structure: Structure, undone: UndoneChange) -> None:
    """What became of taking a change back."""
    result, status = undone.result, undone.status
    if result.is_refused:
        say(result.problems[0].message, "warning")
        return
    if result.outcome == "unchanged":
        say(text("There is nothing to undo any more: somebody changed it since."), "info")
        return
    places = [*undone.addresses, *(["status"] if status is not None else [])]
    names = ", ".join(address_label(structure, place) for place in places)
    if status is None:
        say(text("Undone: %(names)s.", names=names))
    else:
        sentence = text(
            "Undone: %(names)s. It is “%(status)s” again.",
            names=names,
            status=NAMES[status],
        )
        say(sentence)
