"""One option of a list, stored by its code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from pim.attributes.base import AttributeType, InvalidValue, ListingContext, Reading, shown
from pim.attributes.operators import OF_OPTIONS, OF_PRESENCE, Operator
from pim.attributes.settings import OptionLabels, as_options, setting
from pim.errors import Text, text
from pim.labels import label
from pim.problems import Problem
from pim.values import Value


@dataclass(frozen=True)
class ChoiceType(AttributeType):
    """``options``: code -> labels by locale, in their order."""

    code: ClassVar[str] = "choice"
    label: ClassVar[Text] = text("Choice")
    help: ClassVar[Text] = text("One option of a list.")
    control: ClassVar[str] = "choice"
    has_options: ClassVar[bool] = True
    operators: ClassVar[tuple[Operator, ...]] = (*OF_OPTIONS, *OF_PRESENCE)

    options: Mapping[str, OptionLabels] = setting(as_options, {})

    def option_codes(self) -> frozenset[str]:
        return frozenset(self.options)

    def ranked_terms(self) -> tuple[str, ...] | None:
        """In the order of the options."""
        return tuple(self.options)

    def made_terms_by(self) -> tuple[object, ...]:
        """A term is an option's code, whatever options there are and what they are called."""
        return (self.code,)

    def lister(self, context: ListingContext) -> Callable[[Value], Any] | None:
        """The option's label, or the code where it has none."""
        if context.wants_codes:
            return None
        labels = self._labels_in(context.locale)
        return lambda code: labels.get(code, code)

    def made_values_by(self) -> tuple[object, ...]:
        """The codes of the options; what they are called is never read."""
        return self.code, sorted(self.options)

    def made_listings_by(self, context: ListingContext) -> tuple[object, ...]:
        """The labels in the feed's language, or nothing where the feed wants codes."""
        if context.wants_codes:
            return self.shape()
        return *self.shape(), self._labels_in(context.locale)

    def _labels_in(self, locale: str) -> dict[str, str]:
        """Option -> its label there, for the options that have a label at all."""
        return {
            code: label(labels, locale, code) for code, labels in self.options.items() if labels
        }

    def parse(self, raw: str, reading: Reading) -> Value:
        """The option's code, found without case where that is clear; None for blanks. Rules:
        ``option``.
        """
        spelling = raw.strip()
        return self.option(spelling) if spelling else None

    def load(self, raw: Any) -> Value:
        """A JSON string with a code. Rules: ``type``, ``option``."""
        if raw is None:
            return None
        if not isinstance(raw, str):
            raise InvalidValue(
                "type", text("“%(value)s” is not an option's code.", value=shown(raw))
            )
        return self.parse(raw, Reading())

    def check(self, value: Value) -> list[Problem]:
        """Rules: ``option`` (it may have gone since)."""
        return [] if value in self.options else [Problem("", "option", unknown(value))]

    def show(self, value: Value, locale: str) -> str:
        """The option's label, ``[code]`` where it has none."""
        return self.option_label(value, locale)

    def reader(self, reading: Reading) -> Callable[[str], Value]:
        """One look-up."""
        codes = {code: code for code in self.options}

        def read(raw: str) -> Value:
            return codes.get(raw) or self.parse(raw, reading)

        return read

    def option(self, spelling: str) -> str:
        """The code spelled like that, case aside; :class:`InvalidValue` (rule ``option``) where
        none or two are.
        """
        if spelling in self.options:
            return spelling
        found = self._folded.get(spelling.casefold())
        if found is None:
            raise InvalidValue("option", unknown(spelling))
        return found

    def option_label(self, code: str, locale: str) -> str:
        """The label in ``locale``, or the nearest there is; ``[code]`` where there is none."""
        return label(self.options.get(code, {}), locale, code)

    @cached_property
    def _folded(self) -> dict[str, str]:
        found: dict[str, str] = {}
        twice = set()
        for code in self.options:
            if found.setdefault(code.casefold(), code) != code:
                twice.add(code.casefold())
        return {folded: code for folded, code in found.items() if folded not in twice}


def unknown(spelling: str) -> Text:
    """The sentence for a code that is no option."""
    return text("“%(value)s” is none of the options.", value=shown(spelling))
