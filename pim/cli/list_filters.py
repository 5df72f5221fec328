"""What commands about a list of products are asked: the words of the list's address as options."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

import click

from pim.errors import Invalid, Text, text
from pim.products import conditions, list_words
from pim.products.matching import Filters
from pim.structure.objects import Scope, Structure

_OPTIONS = (
    click.option("--q", "--search", "q", default="", help="Words of a name, a SKU, an EAN."),
    click.option("--family", default="", help="Of this family; - for none."),
    click.option("--status", default="", help="draft, review, approved or retired."),
    click.option("--category", default="", help="In this category or below it."),
    click.option("--completeness", default="", help="complete or missing, in the scope of --in."),
    click.option("--complete", default="", help="Complete in a scope, such as webshop-nl_NL."),
    click.option("--incomplete", default="", help="With something missing there."),
    click.option("--variants", is_flag=True, help="Every variant for itself, and no models."),
    click.option("--sku", default="", help="Only these, with commas between them."),
    click.option(
        "--f",
        "--filter",
        "f",
        multiple=True,
        metavar="CONDITION",
        help="As the list's address has it: weight.between.1..5, material.empty,"
        " _left_out.one_of.google_nl. All of them hold.",
    ),
    click.option(
        "--in", "scope", default="", metavar="CHANNEL.LOCALE", help="The first one otherwise."
    ),
)
WORDS = ("q", "family", "status", "category", "completeness", "sku", "sort")


def filter_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that finds products; it is given them as keyword arguments, which
    :func:`words_of` takes.
    """
    return reduce(lambda decorated, option: option(decorated), reversed(_OPTIONS), function)


def words_of(options: Mapping[str, Any]) -> dict[str, str]:
    """What was asked, in the words of an address; those that nobody said are not there."""
    words = {name: options[name] for name in WORDS if options.get(name)}
    if options.get("variants"):
        words["variants"] = "1"
    if options.get("f"):
        words[conditions.PARAMETER] = "\n".join(options["f"])
    for name in ("complete", "incomplete"):
        if options.get(name):
            words[name] = options[name]
    return words


def scope_of(structure: Structure, spelled: str) -> Scope:
    """``webshop.nl_NL``, or the first scope of the shop; :class:`Invalid` where there is none."""
    known = {f"{one.channel}.{one.locale}": one for one in structure.scopes}
    if not spelled and known:
        return next(iter(known.values()))
    if spelled not in known:
        there_are = ", ".join(known)
        raise Invalid(
            {
                "--in": [
                    text(
                        "There is no “%(code)s”; there are: %(known)s.",
                        code=spelled,
                        known=there_are,
                    )
                ]
            }
        )
    return known[spelled]


def filters_of(structure: Structure, words: Mapping[str, str], scope: Scope) -> Filters:
    """:class:`Invalid` names each word that is not understood."""
    wrong = {f"--{name}": _why(structure, name, words) for name in _strange(structure, words)}
    if wrong:
        raise Invalid(wrong)
    filters = list_words.asked(words, scope)
    return replace(
        filters,
        conditions=list_words.asked_conditions(structure, words),
        complete=words.get("complete") or filters.complete,
        incomplete=words.get("incomplete") or filters.incomplete,
    )


def _strange(structure: Structure, words: Mapping[str, str]) -> Sequence[str]:
    scopes = {one.code for one in structure.scopes}
    of_scopes = [
        name for name in ("complete", "incomplete") if words.get(name) and words[name] not in scopes
    ]
    return [*list_words.strange(structure, words), *of_scopes]


def _why(structure: Structure, name: str, words: Mapping[str, str]) -> list[Text]:
    """What is wrong with a word."""
    try:
        if name == conditions.PARAMETER:
            list_words.asked_conditions(structure, words)
        elif name == "sort":
            list_words.asked_sort(structure, words)
    except Invalid as error:
        return error.sentences
    return [text("There is nothing called “%(code)s” here.", code=words[name])]
