"""A text to translate as a page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import orjson
from sqlalchemy.orm import Session

from pim.errors import Text
from pim.http.numbers import LARGEST
from pim.products.labels import labels
from pim.structure.objects import Structure
from pim.text_translation import memory
from pim.text_translation.memory import Suggestion
from pim.text_translation.queue import TaskState, TextHolder, TranslationTask
from pim.text_translation.texts import Direction
from pim.web.controls import Control, control_of
from pim.web.page import language
from pim.word_differences import Segment, differences

HOLDERS = 500
"""Products that are given one translation at once; what more there are come up again, with the
translation offered.
"""


@dataclass(frozen=True)
class SuggestionView:
    """A translation that was made before. ``changes``: what tells the text it was made from, from
    the one to translate; none where they are equal. ``shown``: the translation without mark-up.
    """

    suggestion: Suggestion
    shown: str
    changes: Sequence[Segment]


@dataclass(frozen=True)
class TaskView:
    """``holder``: what people call the first product that has the text, ``identifier`` is its SKU;
    ``others``: how many more have it. ``source_shown``: the text without mark-up. ``changes``: what
    became of it since it was translated. ``held``: the products and versions that the form sends
    back; ``before``: the translation that an undo brings back. ``is_done``: it was just saved.
    ``complaints``: what the field is not to blame for.
    """

    control: Control
    holder: str
    identifier: str
    others: int
    state: TaskState
    source: str
    source_address: str
    source_shown: str
    changes: Sequence[Segment]
    suggestions: Sequence[SuggestionView]
    held: str
    before: str = ""
    is_done: bool = False
    complaints: Sequence[Text] = ()


@dataclass(frozen=True)
class Typed:
    """What a form left behind. ``text``: the translation; ``errors``: what is wrong with it."""

    text: str
    errors: Sequence[Text] = ()
    complaints: Sequence[Text] = ()
    is_done: bool = False


def task_views(
    session: Session,
    structure: Structure,
    direction: Direction,
    tasks: Sequence[TranslationTask],
) -> list[TaskView]:
    """The tasks of a page, with what equal texts were translated to before."""
    exact = memory.exact(session, direction.source, direction.target, {one.source for one in tasks})
    names = _names(session, structure, direction, tasks)
    return [
        task_view(one, f"-{number}", names, exact.get(one.source, ()))
        for number, one in enumerate(tasks, start=1)
    ]


def one_view(
    session: Session,
    structure: Structure,
    direction: Direction,
    task: TranslationTask,
    place: str,
    typed: Typed,
    before: str,
) -> TaskView:
    """A task again, with what was typed. ``before``: the translation that stood there."""
    names = _names(session, structure, direction, [task])
    return replace(task_view(task, place, names, (), typed), before=before)


def task_view(
    task: TranslationTask,
    place: str,
    names: Mapping[str, str],
    exact: Sequence[Suggestion],
    typed: Typed | None = None,
) -> TaskView:
    """``place``: what tells its controls from others on the page."""
    typed = typed or Typed(task.target)
    type_ = task.attribute.type
    control = control_of(type_)(
        address=task.target_address,
        attribute=task.attribute,
        text=typed.text,
        was=task.target,
        value=task.target or None,
        errors=list(typed.errors),
        place=place,
    )
    first = task.holders[0].identifier
    former = type_.show(task.former_source, language()) if task.former_source else ""
    shown = type_.show(task.source, language())
    return TaskView(
        control=control,
        holder=names.get(first, first),
        identifier=first,
        others=len(task.holders) - 1,
        state=task.state,
        source=task.source,
        source_address=task.source_address,
        source_shown=shown,
        changes=differences(former, shown) if former else (),
        suggestions=suggestion_views(task, exact),
        held=spelled_holders(task.holders),
        is_done=typed.is_done,
        complaints=typed.complaints,
    )


def suggestion_views(
    task: TranslationTask, suggestions: Sequence[Suggestion]
) -> list[SuggestionView]:
    """Translations that are not what stands there already."""
    type_ = task.attribute.type
    shown = type_.show(task.source, language())
    return [
        SuggestionView(
            one,
            type_.show(one.target, language()),
            () if one.is_exact else differences(type_.show(one.source, language()), shown),
        )
        for one in suggestions
        if one.target != task.target
    ]


def spelled_holders(holders: Sequence[TextHolder]) -> str:
    """The products that a form is about, with the versions that were seen."""
    some = holders[:HOLDERS]
    return orjson.dumps([[one.product_id, one.identifier, one.version] for one in some]).decode()


def read_holders(spelled: str) -> list[TextHolder] | None:
    """What :func:`spelled_holders` made; None for anything else."""
    try:
        found = [
            TextHolder(int(number), str(name), int(version))
            for number, name, version in orjson.loads(spelled)
        ]
    except (ValueError, TypeError):
        return None
    fits = all(0 < one.product_id <= LARGEST and 0 <= one.version <= LARGEST for one in found)
    return found if found and fits and len(found) <= HOLDERS else None


def _names(
    session: Session,
    structure: Structure,
    direction: Direction,
    tasks: Sequence[TranslationTask],
) -> Mapping[str, str]:
    first = [one.holders[0].identifier for one in tasks]
    return labels(session, structure, first, direction.target)
