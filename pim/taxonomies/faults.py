"""What is wrong with the file of a taxonomy: where, and which rule it breaks. Pure."""

from pim.errors import Invalid, Text, text

SHOWN = 20
"""Faults that are told at once; a file of another kind has one in every line."""


class TaxonomyFaults:
    """Gathers the faults of a file, so that all of them are told at once. ``doubts``: what is
    strange but does no harm; published standards have such lines.
    """

    def __init__(self) -> None:
        self._found: list[Text] = []
        self.doubts: list[Text] = []

    def add(self, line: int, column: str, rule: Text) -> None:
        """``column``: the name of the column, of the property or of the element."""
        if len(self._found) < SHOWN:
            self._found.append(_told(line, column, rule))

    def doubt(self, line: int, column: str, rule: Text) -> None:
        """As :meth:`add`, of what does no harm."""
        if len(self.doubts) < SHOWN:
            self.doubts.append(_told(line, column, rule))

    def demand_none(self) -> None:
        """:class:`Invalid` where there are any."""
        if self._found:
            raise Invalid({"file": self._found})


def _told(line: int, column: str, rule: Text) -> Text:
    return text("Line %(line)s, %(column)s: %(rule)s", line=line, column=column, rule=rule)


def refused(rule: Text) -> Invalid:
    """The file as a whole cannot be read."""
    return Invalid({"file": [rule]})
