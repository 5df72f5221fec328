"""Translating: the texts of a list of products, source and translation side by side."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from pim import row_reader
from pim.accounts.permissions import Permission
from pim.errors import Invalid, Text, text
from pim.labels import label
from pim.products import queries, service
from pim.products.change import ProductInput, RecordKind
from pim.products.matching import END
from pim.products.models import Product
from pim.quality import service as quality
from pim.structure import queries as catalog
from pim.structure.objects import Attribute, Scope, Structure
from pim.text_translation import memory
from pim.text_translation.following import is_behind, refresh
from pim.text_translation.jobs import follow_if_behind
from pim.text_translation.queue import TaskState, TextHolder, TranslationTask, find_tasks
from pim.text_translation.texts import Direction, TextPair, is_translatable, text_pairs
from pim.web.controls import control_of
from pim.web.list_places import number_at
from pim.web.page import (
    PageContent,
    go,
    is_htmx,
    language,
    needs,
    now,
    person,
    principal,
    say,
    session,
    show_page,
)
from pim.web.products import walk
from pim.web.products.blueprint import pages
from pim.web.products.listing import visible_filters
from pim.web.products.scope import chosen_beside, chosen_scope
from pim.web.products.shared import ScopedPage, in_scope, source, visible_product
from pim.web.products.translation_views import (
    SuggestionView,
    TaskView,
    Typed,
    one_view,
    read_holders,
    suggestion_views,
    task_views,
)

STATES: tuple[TaskState, ...] = ("missing", "outdated")


@dataclass(frozen=True)
class TranslatePage(ScopedPage):
    """``source_locale``: what is translated from, "" where there is but one locale. ``product``:
    the only product whose texts are asked for, "" for those of the list. ``chosen``: what the
    address asks for. ``more``: the address of the page behind this one. ``is_behind``: the memory
    does not know everything yet.
    """

    template = "products/translate.html"
    tasks: list[TaskView]
    source_locale: str
    product: str
    chosen: Mapping[str, str]
    attributes: list[tuple[str, str]]
    more: str
    list_url: str
    is_behind: bool


@dataclass(frozen=True)
class TranslationPart(PageContent):
    """One task again, after it was saved or refused."""

    template = "products/translation.html"
    task: TaskView
    source_locale: str
    scope: Scope


@dataclass(frozen=True)
class SuggestionsPart(PageContent):
    """What texts that resemble one were translated to."""

    template = "products/suggestions.html"
    suggestions: list[SuggestionView]
    scope: Scope


@pages.get("/product/translate")
@needs(Permission.PRODUCTS_EDIT)
def translate() -> ResponseReturnValue:
    structure = catalog.structure(session())
    scope = chosen_scope(structure)
    direction = _direction(structure, scope)
    product = request.args.get("product", "")
    found = find_tasks(
        session(),
        structure,
        principal(),
        visible_filters(structure, walk.said_list(), scope),
        direction,
        state=_chosen_state(),
        attributes=_chosen_attributes(),
        product=visible_product(product).product.id if product else None,
        below=number_at("after") or END,
    )
    chosen = {
        one: request.args[one] for one in ("product", "state", "attribute") if request.args.get(one)
    }
    content = TranslatePage(
        **in_scope(structure, scope),
        tasks=task_views(session(), structure, direction, found.tasks),
        source_locale=direction.source,
        product=product,
        chosen=chosen,
        attributes=_attributes(structure, chosen.get("attribute", "")),
        more=_page_behind(chosen, found.after),
        list_url=walk.back(),
        is_behind=is_behind(session(), direction.source, direction.target),
    )
    return show_page(content)


@pages.post("/product/translate")
@needs(Permission.PRODUCTS_EDIT)
def save_translation() -> ResponseReturnValue:
    """One translation, for every product that has the text; or that the one there is right; or
    what stood there before it was saved.
    """
    structure = catalog.structure(session())
    scope = chosen_scope(structure)
    task = _posted_task(structure, _direction(structure, scope))
    if "keep" in request.form and task.target:
        return _keep(structure, scope, task)
    if "undo" in request.form:
        return _write(structure, scope, task, request.form.get("before", ""), is_undo=True)
    return _write(structure, scope, task, _typed(task))


@pages.get("/product/translate/similar")
@needs(Permission.PRODUCTS_EDIT)
def similar_texts() -> ResponseReturnValue:
    """What texts that resemble one of a product were translated to; asked for when somebody comes
    to its field.
    """
    structure = catalog.structure(session())
    scope = chosen_scope(structure)
    direction = _direction(structure, scope)
    detail = visible_product(request.args.get("identifier", ""))
    pair, attribute = _pair(structure, direction, request.args.get("address", ""))
    text_there = str(detail.product.values.get(pair.source) or "")
    target = str(detail.product.values.get(pair.target) or "")
    task = TranslationTask(attribute, pair.source, pair.target, text_there, target, "")
    found = memory.similar(
        session(),
        direction.source,
        direction.target,
        text_there,
        has_markup=attribute.type.has_markup,
    )
    return show_page(SuggestionsPart(suggestion_views(task, found), scope))


@pages.post("/product/translate/memory")
@needs(Permission.PRODUCTS_EDIT)
def follow_memory() -> ResponseReturnValue:
    """Asked for by the page where the memory does not know everything yet."""
    structure = catalog.structure(session())
    direction = _direction(structure, chosen_scope(structure))
    if direction.source:
        follow_if_behind(session(), direction.source, direction.target, now(), person().email)
    return "", 204


def _direction(structure: Structure, scope: Scope) -> Direction:
    """From the locale somebody compares with, else from one that they read, else from the shop's
    first other one.
    """
    others = [one for one in structure.locales if one != scope.locale]
    read = [one for one in others if one.split("_")[0] == language()]
    beside = chosen_beside(structure)
    source_locale = beside if beside in others else next(iter([*read, *others]), "")
    return Direction(scope.channel, source_locale, scope.locale)


def _chosen_state() -> TaskState | None:
    wanted = request.args.get("state")
    return next((one for one in STATES if one == wanted), None)


def _chosen_attributes() -> Collection[str] | None:
    """The only ones whose texts are asked for; an address names them with commas between them."""
    spelled = request.args.get("attribute", "")
    return spelled.split(",") if spelled else None


def _attributes(structure: Structure, chosen: str) -> list[tuple[str, str]]:
    """Those that can be asked for alone, and the several that an address asks for at once."""
    each = {
        code: label(one.labels, language(), code)
        for code, one in structure.attributes.items()
        if is_translatable(one)
    }
    several = [each.get(code, code) for code in chosen.split(",")] if "," in chosen else []
    return [*([(chosen, ", ".join(several))] if several else []), *each.items()]


def _page_behind(chosen: Mapping[str, str], after: int | None) -> str:
    if after is None:
        return ""
    arguments: dict[str, Any] = {**chosen, "after": after}
    return url_for("products.translate", **arguments)


def _pair(structure: Structure, direction: Direction, address: str) -> tuple[TextPair, Attribute]:
    for pair, attribute in text_pairs(structure, direction).items():
        if pair.target == address:
            return pair, attribute
    raise _out_of_date()


def _posted_task(structure: Structure, direction: Direction) -> TranslationTask:
    """The task that a form is about, as it is now. :class:`Invalid` where a product has another
    text to translate by now, or is gone.
    """
    pair, attribute = _pair(structure, direction, request.form.get("address", ""))
    seen = read_holders(request.form.get("held", ""))
    if seen is None:
        raise _out_of_date()
    products = queries.by_identifiers(session(), [one.identifier for one in seen])
    source_text = request.form.get("source", "").replace("\r\n", "\n")
    for one in seen:
        product = products.get(one.identifier)
        if product is None or product.values.get(pair.source) != source_text:
            raise Invalid({"source": [_changed_meanwhile(one.identifier)]})
    target = str(products[seen[0].identifier].values.get(pair.target) or "")
    return TranslationTask(attribute, pair.source, pair.target, source_text, target, "", seen)


def _changed_meanwhile(identifier: str) -> Text:
    return text(
        "The text to translate was changed meanwhile in “%(code)s”. Load the page again.",
        code=identifier,
    )


def _out_of_date() -> Invalid:
    return Invalid({"held": [text("This page is out of date. Load it again.")]})


def _typed(task: TranslationTask) -> str:
    name = f"value-{task.target_address}"
    parts = [one.replace("\r\n", "\n") for one in request.form.getlist(name)]
    return control_of(task.attribute.type).posted(task.attribute.type, parts, "")


def _keep(structure: Structure, scope: Scope, task: TranslationTask) -> ResponseReturnValue:
    """The translation is right although its source has changed."""
    _remember(structure, scope, task)
    return _answer(structure, scope, task, Typed(task.target, is_done=True))


def _write(
    structure: Structure, scope: Scope, task: TranslationTask, typed: str, *, is_undo: bool = False
) -> ResponseReturnValue:
    values, problems = row_reader.read_form(structure, {task.target_address: typed})
    errors = row_reader.refusals(problems).get(task.target_address, [])
    if errors:
        return _answer(structure, scope, task, Typed(typed, errors), 422)
    products = queries.by_identifiers(session(), [one.identifier for one in task.holders])
    batch = [
        ProductInput(one.identifier, values, _kind(products[one.identifier]), base=one.version)
        for one in task.holders
    ]
    results = service.write(session(), batch, source(), now())
    complaints = [problem.message for one in results if one.is_refused for problem in one.problems]
    if complaints:
        return _answer(structure, scope, task, Typed(typed, complaints=complaints[:1]), 409)
    quality.check_now(session(), structure, [one.id for one in results if one.id])
    saved = str(values.get(task.target_address) or "")
    task = replace(
        task,
        target=saved,
        holders=[TextHolder(one.id or 0, one.identifier, one.version) for one in results],
    )
    if saved and not is_undo:
        _remember(structure, scope, task)
    return _answer(structure, scope, task, Typed(saved, is_done=bool(saved) and not is_undo))


def _kind(product: Product) -> RecordKind:
    return "model" if product.kind == "model" else "product"


def _remember(structure: Structure, scope: Scope, task: TranslationTask) -> None:
    direction = _direction(structure, scope)
    memory.remember(
        session(),
        direction.source,
        direction.target,
        task.source,
        task.target,
        now(),
        has_markup=task.attribute.type.has_markup,
    )
    holders = [one.product_id for one in task.holders]
    refresh(session(), direction.source, direction.target, holders)


def _answer(
    structure: Structure, scope: Scope, task: TranslationTask, typed: Typed, status: int = 200
) -> ResponseReturnValue:
    """The task again; without scripts the page it stood on."""
    if not is_htmx() and status == 200:
        say(text("Saved."))
        return go("products.translate", product=request.form.get("product") or None)
    direction = _direction(structure, scope)
    before = request.form.get("before") if "undo" in request.form else request.form.get("was", "")
    view = one_view(
        session(), structure, direction, task, request.form.get("place", ""), typed, before or ""
    )
    at = url_for("products.translate")
    return show_page(TranslationPart(view, direction.source, scope), status, at=at)
