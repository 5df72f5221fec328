"""The fields of an exporter for people: what `pim feeds fields` prints, and the page of the docs
that is made of it.

``python -m pim.feeds.field_guide`` rewrites docs/exporters.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from pim.feeds import registry
from pim.feeds.contract import Exporter, Field
from pim.folders import PACKAGE
from pim.meanings import MEANINGS

PAGE = PACKAGE.parent / "docs" / "exporters.md"
SAID_ELSEWHERE = frozenset(
    {"name", "need", "kind", "help", "example", "source", "read", "meaning", "invalid", "choices"}
)
DEFAULTS: Mapping[str, Any] = {one.name: one.default for one in fields(Field)}


@dataclass(frozen=True)
class FieldGuide:
    """One field in words. ``rules``: what is asked of a value, short. ``sources``: what usually
    fills it. ``stale_from``: the day on which its specification should have been read again.
    """

    name: str
    need: str
    kind: str
    rules: str
    invalid: str
    meaning: str
    sources: str
    help: str
    example: str
    source: str
    read: str
    stale_from: str

    def is_stale(self, day: date) -> bool:
        return bool(self.stale_from) and self.stale_from <= day.isoformat()


def guide_to(exporter: type[Exporter]) -> list[FieldGuide]:
    """All fields of an exporter, in its own order."""
    usual = {option.name: option.default for option in exporter.options}
    return [_field(one, exporter) for one in exporter.fields_for(usual)]


def stale_sources(guides: Iterable[FieldGuide], day: date) -> dict[str, str]:
    """Specification -> the day on which it was read, of those that were read too long ago."""
    return {one.source: one.read for one in guides if one.is_stale(day)}


def _field(field: Field, exporter: type[Exporter]) -> FieldGuide:
    meaning = MEANINGS.get(field.meaning)
    own = field.invalid or exporter.invalid
    return FieldGuide(
        field.name,
        field.need,
        field.kind,
        rules_of(field),
        "block" if field.need == "required" else own,
        field.meaning,
        " ".join(meaning.codes) if meaning else "",
        str(field.help or ""),
        field.example,
        field.source,
        field.read.isoformat() if field.read else "",
        field.stale_from.isoformat() if field.stale_from else "",
    )


def rules_of(field: Field) -> str:
    """``max_length 150, unique feed``: every rule that is not what it is by default."""
    found = [", ".join(field.choices)] if field.choices else []
    for name, default in DEFAULTS.items():
        value = getattr(field, name)
        if name not in SAID_ELSEWHERE and value != default:
            found.append(_rule(name, value))
    return "; ".join(found)


def _rule(name: str, value: Any) -> str:
    if value is True:
        return name
    if name == "needed_if":
        return "needed if " + " or ".join(_condition(one) for one in value)
    if name == "later":
        return ", ".join(f"from {one.day}: {_changes(one.rules)}" for one in value)
    return f"{name} {value}"


def _condition(when: Any) -> str:
    if when.absent:
        return f"{when.field} is missing"
    return f"{when.field} is {' or '.join(when.values)}" if when.values else f"{when.field} is set"


def _changes(rules: Mapping[str, Any]) -> str:
    return " and ".join(f"{name} {value}" for name, value in rules.items())


def page() -> str:
    """docs/exporters.md."""
    return "\n".join(_page_lines(registry.all_exporters().values())) + "\n"


def _page_lines(exporters: Iterable[type[Exporter]]) -> Iterable[str]:
    yield "# Exporters and their fields"
    yield ""
    yield "Made by `python -m pim.feeds.field_guide` from the exporters themselves; the same as"
    yield "`pim feeds fields EXPORTER` prints. “Invalid” says what a value does that breaks a rule:"
    yield "`block` keeps the item out, `drop` leaves the value out, `warn` sends it and says so; a"
    yield "feed's mapping may say otherwise with `invalid`. A recommended field that is empty is"
    yield "told as a warning. A measurement may come from a text such as “12,5 kg”, and from a"
    yield "number: that is in the field's own `unit`, or in the one that the mapping names"
    yield "(`do: [{unit: GRAM}]`)."
    for exporter in exporters:
        yield from _section(exporter)


def _section(exporter: type[Exporter]) -> Iterable[str]:
    read = min((one.read for one in exporter.fields if one.read), default=date.min)
    again = min((one.stale_from for one in exporter.fields if one.stale_from), default=date.max)
    yield ""
    yield f"## {exporter.label} (`{exporter.code}`)"
    yield ""
    if exporter.fields:
        source = exporter.fields[0].source
        yield f"For: {exporter.purpose}. Specification: {source}, read on {read};"
        yield f"stale from {again} on."
    else:
        yield f"For: {exporter.purpose}. Its fields are the columns that a feed of it names."
    if exporter.example.consumer:
        yield f"Checked with {exporter.example.consumer}."
    yield ""
    if exporter.options:
        yield "| Setting | Label | Kind | Default |"
        yield "|---|---|---|---|"
        for option in exporter.options:
            needed = " (required)" if option.required else ""
            yield f"| `{option.name}`{needed} | {option.label} | {option.kind} | {option.default} |"
        yield ""
    if not exporter.fields:
        return
    yield "| Field | Need | Kind | Rules | Invalid | Meaning |"
    yield "|---|---|---|---|---|---|"
    for one in guide_to(exporter):
        rules = one.rules.replace("|", "\\|")
        cells = [f"`{one.name}`", one.need, one.kind, rules, one.invalid, one.meaning]
        yield f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
