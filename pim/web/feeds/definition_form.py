"""The settings of a feed in a form, and what was typed there as a definition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from media.presets import PRESETS
from pim.errors import Text, text
from pim.feeds.contract import Exporter, Option
from pim.imports.models import ImportProfile
from pim.labels import label
from pim.providers.picture_finder import USUAL
from pim.structure.objects import Structure
from pim.web.feeds.rule_form import NamedChoice
from pim.web.page import language, tell, zone

NEVER, DAILY, WORKDAYS, OWN = "", "daily", "workdays", "own"
WHEN: Mapping[str, Text] = {
    NEVER: text("only when somebody asks"),
    "* * * * *": text("every minute"),
    "*/5 * * * *": text("every 5 minutes"),
    "*/15 * * * *": text("every 15 minutes"),
    "0 * * * *": text("every hour"),
    DAILY: text("every day at"),
    WORKDAYS: text("Monday to Friday at"),
    OWN: text("by a schedule of five cron fields"),
}
"""What the form offers: a cron line itself, or what one is made of with a time."""
DAYS = {DAILY: "*", WORKDAYS: "1-5"}
USUAL_TIME = "06:00"


@dataclass(frozen=True)
class DefinitionForm:
    """A definition as its form shows it. ``when``: one of :data:`WHEN`; ``time`` for those at a
    time of day, ``cron`` for a schedule of its own. ``options``: the exporter's settings as they
    stand there. ``after_import``: the profile whose imports it follows.
    """

    label: str
    channel: str
    locale: str
    currency: str
    link: str
    pictures: str
    only_complete: bool
    when: str
    time: str
    cron: str
    zone: str
    after_import: str
    options: Mapping[str, Any]


@dataclass(frozen=True)
class DefinitionChoices:
    """What can be chosen in the form: channels, and what the chosen one has."""

    channels: Sequence[NamedChoice]
    locales: Sequence[str]
    currencies: Sequence[str]
    pictures: Sequence[str]
    options: Sequence[Option]
    when: Sequence[NamedChoice]
    profiles: Sequence[NamedChoice]


def form_of(definition: Mapping[str, Any]) -> DefinitionForm:
    """The form of a definition that is stored, or that a new feed begins with."""
    schedule = definition.get("schedule") or {}
    when, time = _when(schedule.get("cron", ""))
    return DefinitionForm(
        definition.get("label", ""),
        definition.get("channel", ""),
        definition.get("locale", ""),
        definition.get("currency", ""),
        definition.get("link", ""),
        definition.get("pictures", USUAL),
        bool(definition.get("only_complete")),
        when,
        time,
        schedule.get("cron", ""),
        schedule.get("zone", "") or zone(),
        definition.get("after_import", ""),
        definition.get("options", {}),
    )


def _when(cron: str) -> tuple[str, str]:
    """What of the form's offers a cron line is, and at what time of day."""
    if cron in WHEN:
        return cron, USUAL_TIME
    fields = cron.split()
    minute, hour, day, month, weekday = fields if len(fields) == 5 else [""] * 5
    is_at_a_time = minute.isdecimal() and hour.isdecimal() and (day, month) == ("*", "*")
    for code, days in DAYS.items():
        if is_at_a_time and weekday == days:
            return code, f"{int(hour):02}:{int(minute):02}"
    return OWN, USUAL_TIME


def read_definition(form: MultiDict[str, str], exporter: type[Exporter]) -> dict[str, Any]:
    """What was typed, as a definition without its mapping. Whether it fits is found out where it is
    defined.
    """
    definition: dict[str, Any] = {
        name: form.get(name, "").strip()
        for name in ("label", "channel", "locale", "currency", "link")
    }
    definition["exporter"] = exporter.code
    definition["pictures"] = form.get("pictures") or USUAL
    definition["only_complete"] = "only_complete" in form
    definition["after_import"] = form.get("after_import", "")
    definition["options"] = _read_options(form, exporter)
    cron = _read_cron(form)
    if cron:
        definition["schedule"] = {"cron": cron, "zone": form.get("zone", "")}
    return definition


def _read_options(form: MultiDict[str, str], exporter: type[Exporter]) -> dict[str, Any]:
    """The exporter's settings that are said; what is left blank is as the exporter has it."""
    options: dict[str, Any] = {}
    for option in exporter.options:
        name = f"options.{option.name}"
        if option.kind == "columns":
            continue
        if option.kind == "boolean":
            options[option.name] = name in form
        elif form.get(name, "").strip():
            options[option.name] = form[name].strip()
    return options


def _read_cron(form: MultiDict[str, str]) -> str:
    when = form.get("when", NEVER)
    if when == OWN:
        return form.get("cron", "").strip()
    if when in DAYS:
        hour, _, minute = form.get("time", USUAL_TIME).partition(":")
        return f"{_number(minute)} {_number(hour)} * * {DAYS[when]}"
    return when if when in WHEN else NEVER


def _number(spelled: str) -> str:
    """``06`` as ``6``; what is no number stays, for the schedule to complain of."""
    return str(int(spelled)) if spelled.isascii() and spelled.isdecimal() else spelled or "?"


def choices(
    structure: Structure,
    exporter: type[Exporter],
    form: DefinitionForm,
    profiles: Sequence[ImportProfile],
) -> DefinitionChoices:
    """What can be chosen in a form as it stands. ``profiles``: those that a feed can follow."""
    channel = structure.channels.get(form.channel)
    return DefinitionChoices(
        [
            NamedChoice(code, label(one.labels, language(), code))
            for code, one in structure.channels.items()
        ],
        list(channel.locales) if channel else [],
        list(channel.currencies) if channel else [],
        list(PRESETS),
        exporter.options,
        [NamedChoice(code, tell(shown)) for code, shown in WHEN.items()],
        [NamedChoice(one.code, one.label) for one in profiles],
    )
