"""Labels: what a code is called in each locale. Pure."""

from collections.abc import Mapping

Labels = Mapping[str, str]
"""Locale -> text."""


def label(labels: Labels, locale: str, code: str) -> str:
    """The label in this locale, else in the same language, else any, else the code in brackets.

    ``locale``: ``nl_NL``, or a language alone.
    """
    if locale in labels:
        return labels[locale]
    language = locale.split("_")[0]
    near = next((text for other, text in labels.items() if other.split("_")[0] == language), None)
    return near or next(iter(labels.values()), f"[{code}]")
