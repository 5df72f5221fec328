"""What an attribute type is: text or JSON in, a checked value out, and back again.

A type is one frozen dataclass whose fields are its settings. A value is never empty: `parse`,
`load` and a reader answer None for blanks, and nobody hands None to `check`, `dump`, `show` or
`terms`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from pim.attributes.operators import OF_PRESENCE, OF_TERMS, Operator, Sought
from pim.errors import Text
from pim.problems import Problem
from pim.values import Value

TERM_LENGTH = 200
"""An index term is cut here: PostgreSQL indexes no row above 2,700 bytes."""

SHOWN_LENGTH = 60

# What people write, and what Excel writes for TRUE and FALSE in its languages; Access writes -1.
YES = (
    *("1", "-1", "true", "yes", "y", "on"),
    *("ja", "j", "waar", "aan", "wahr", "oui", "vrai", "si", "sì", "sí", "vero"),
    *("verdadero", "sim", "verdadeiro", "tak", "prawda"),
    *("sant", "sand", "tosi", "kyllä", "pravda", "ano", "evet", "doğru"),
)
NO = (
    *("0", "false", "no", "n", "off"),
    *("nee", "onwaar", "uit", "nein", "falsch", "non", "faux", "falso"),
    *("não", "nie", "fałsz", "nej", "falskt", "falsk", "epätosi", "ei"),
    *("nepravda", "hayır", "hayir", "yanlış", "yanliş"),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file writes things. The default is the neutral spelling that `dump` uses.

    ``decimal`` is "." or ","; ``date`` a strptime format; ``separator`` stands between the items of
    a list; ``true``/``false`` are compared without case; ``unit`` is that of a measurement written
    without one (None: the attribute's own), ``needs_unit`` says that one written so is no value;
    ``currency`` is that of the address, for a price.
    """

    decimal: str = "."
    date: str = "%Y-%m-%d"
    separator: str = ","
    true: tuple[str, ...] = YES
    false: tuple[str, ...] = NO
    unit: str | None = None
    needs_unit: bool = False
    currency: str | None = None


NEUTRAL = Reading()


class InvalidValue(Exception):
    """Input that is no value of the type. With ``doubt`` it is one, in ``value``, that the caller
    may take after all.
    """

    def __init__(self, rule: str, message: Text, doubt: bool = False, value: Value = None) -> None:
        self.rule = rule
        self.message = message
        self.doubt = doubt
        self.value = value
        super().__init__(str(message))


class ListingContext(Protocol):
    """The feed that a value is listed in. ``locale``: its language. ``currency``: of the value's
    address, or the feed's. ``wants_codes``: it wants options by code, not by label.
    """

    @property
    def locale(self) -> str: ...
    @property
    def currency(self) -> str: ...
    @property
    def wants_codes(self) -> bool: ...
    def picture(self, asset: str) -> Any | None:
        """Where the channel finds this asset; None when it has no usable file."""
        ...


@dataclass(frozen=True)
class AttributeType:
    """Base of the types. Settings are the fields of the subclass, declared with
    :func:`pim.attributes.settings.setting`.
    """

    code: ClassVar[str]
    label: ClassVar[Text]
    help: ClassVar[Text]

    control: ClassVar[str] = "text"
    """The control that edits it in a form: see :mod:`pim.web.controls`."""
    is_identifier: ClassVar[bool] = False
    """It repeats the product's identifier among the values."""
    is_searchable: ClassVar[bool] = False
    """People find a product by its values, whatever its family."""
    is_known_by_its_end: ClassVar[bool] = False
    """People say the last characters of its values for the whole: 3931 for 4006381333931."""
    is_per_currency: ClassVar[bool] = False
    """There is a value for each currency, with the currency in its address."""
    is_free_text: ClassVar[bool] = False
    """Words that somebody wrote: a channel may cut them to its limit."""
    has_markup: ClassVar[bool] = False
    """Its values are HTML."""
    has_options: ClassVar[bool] = False
    """Its values are codes of options that the structure lists."""
    names_assets: ClassVar[bool] = False
    """Its values are codes of assets."""
    names_products: ClassVar[bool] = False
    """Its values are identifiers of products."""
    operators: ClassVar[tuple[Operator, ...]] = (*OF_TERMS, *OF_PRESENCE)
    """What a list can be asked about a filterable attribute."""

    @property
    def takes_many(self) -> bool:
        """Whether a value is a list."""
        return False

    @property
    def is_sortable(self) -> bool:
        """Whether lists can be sorted by a filterable attribute: each product has one term."""
        return not self.takes_many and not self.names_assets

    def ranked_terms(self) -> tuple[str, ...] | None:
        """All terms in the order in which people see them; None where terms sort by themselves."""
        return None

    def option_codes(self) -> frozenset[str]:
        """The options there are; none for most types."""
        return frozenset()

    def shape(self) -> tuple[object, ...]:
        """What a stored value looks like. Where it changes, values cannot be read any more."""
        return self.code, self.takes_many

    def made_terms_by(self) -> tuple[object, ...]:
        """What :meth:`terms` depends on besides the value; a change makes the index outdated."""
        return (repr(self),)

    def made_values_by(self) -> tuple[object, ...]:
        """What :meth:`reader` depends on besides the text: when it changes, the same cell may mean
        another value.
        """
        return (repr(self),)

    def made_listings_by(self, context: ListingContext) -> tuple[object, ...]:
        """What :meth:`lister` depends on besides the value: when it changes, feeds that list such
        values are rendered again. Labels belong here only where the listing shows them.
        """
        return (repr(self),)

    def lister(self, context: ListingContext) -> Callable[[Value], Any] | None:
        """How a value (or each item of a list) is listed in a feed; None: as it is stored.

        The function is called for every product, so it should be quick; it answers None for what
        cannot be listed.
        """
        return None

    def parse(self, raw: str, reading: Reading) -> Value:
        """Text from a file or form -> value, None for blanks. :class:`InvalidValue` where it is no
        value of this type.
        """
        raise NotImplementedError

    def check(self, value: Value) -> list[Problem]:
        """The rules an already typed value breaks: settings first, doubts last."""
        return []

    def load(self, raw: Any) -> Value:
        """JSON (the API) -> value, None for null, "" and []. :class:`InvalidValue` where it is no
        value of this type.
        """
        raise NotImplementedError

    def dump(self, value: Value) -> str:
        """Value -> text for files; ``parse(dump(value), NEUTRAL) == value``."""
        return str(value)

    def show(self, value: Value, locale: str) -> str:
        """Value -> plain text for a person who reads in ``locale`` (``nl_NL`` or ``nl``)."""
        return self.dump(value)

    def terms(self, value: Value) -> tuple[str, ...]:
        """What a filterable attribute is found by, each at most 200 characters."""
        return (self.dump(value)[:TERM_LENGTH],)

    def sought(self, operator: Operator, values: tuple[str, ...]) -> Sought:
        """The terms that answer a question with one of :attr:`operators`; the values as
        :meth:`dump` spells them. :class:`InvalidValue` for one that is no value of this type.
        """
        if operator is Operator.CONTAINS:
            return Sought(words=values[0])
        terms = tuple(self.term_of(value) for value in values)
        match operator:
            case Operator.IS | Operator.ONE_OF | Operator.NONE_OF:
                return Sought(terms, is_without=operator is Operator.NONE_OF)
            case Operator.AT_LEAST:
                return Sought(first=terms[0])
            case Operator.AT_MOST:
                return Sought(last=terms[0])
            case Operator.BETWEEN:
                return Sought(first=terms[0], last=terms[1])
        return Sought(is_without=operator is Operator.EMPTY)

    def is_of_kind(self, code: str) -> bool:
        """Whether it is the type with this code."""
        return self.code == code

    def term_of(self, spelling: str) -> str:
        """The term of a value that somebody asks for. :class:`InvalidValue`"""
        value = self.parse(spelling, NEUTRAL)
        return self.terms(value)[0] if value is not None else ""

    def shown_sought(self, spelling: str, locale: str) -> str:
        """A value that somebody asks for, in words; what is no value stays as it is."""
        try:
            value = self.parse(spelling, NEUTRAL)
        except InvalidValue:
            return spelling
        return spelling if value is None else self.show(value, locale)

    @property
    def has_sizes(self) -> bool:
        """Whether one value may be so many times as large as another one, as weights are."""
        return False

    def size(self, value: Value) -> float | None:
        """Where the type has sizes: how large a value is, in whatever unit it was given. None for
        nothing, what is below it, and what cannot be compared.
        """
        return None

    def words(self, value: Value) -> tuple[str, ...]:
        """What people search a value of a searchable attribute by."""
        return (str(value),)

    def columns(self, address: str) -> tuple[str, ...]:
        """The columns that hold a value in a file; a measurement has a second one for its unit."""
        return (address,)

    def cells(self, value: Value) -> tuple[str, ...]:
        """What stands in those columns."""
        return (self.dump(value),)

    def join(self, cells: tuple[str, ...]) -> str:
        """The cells of those columns as the one text that `parse` takes; blank where the
        value is.
        """
        return cells[0]

    def reader(self, reading: Reading) -> Callable[[str], Value]:
        """`parse` and `check` in one closure for a column of a file. :class:`InvalidValue` for any
        broken rule or doubt.
        """

        def read(raw: str) -> Value:
            value = self.parse(raw, reading)
            if value is not None:
                self.demand(value)
            return value

        return read

    def demand(self, value: Value) -> None:
        """Raise the worst broken rule of ``value`` as :class:`InvalidValue`; return where there is
        none.
        """
        problems = self.check(value)
        if problems:
            worst = min(problems, key=lambda problem: not problem.is_error)
            if worst.is_error:
                raise InvalidValue(worst.rule, worst.message)
            raise InvalidValue(worst.rule, worst.message, doubt=True, value=value)

    def contradictions(self) -> Mapping[str, Text]:
        """Settings that are fine alone and wrong together: setting -> sentence."""
        return {}


def shown(raw: object) -> str:
    """Input as it may stand in a sentence: short, and without characters that a database or
    terminal chokes on.
    """
    line = "".join(one if one.isprintable() else "�" for one in str(raw)[: SHOWN_LENGTH + 1])
    return line if len(line) <= SHOWN_LENGTH else line[:SHOWN_LENGTH] + "…"
