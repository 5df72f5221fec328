"""Sentences on their way from a process with limits: as JSON, and not believed on arrival, because
hostile content may have taken the process over.
"""

from collections.abc import Mapping
from typing import Any

from pim.errors import Invalid, Text

SpelledSentence = tuple[str, dict[str, str]]


def spell_sentence(sentence: Text) -> SpelledSentence:
    return sentence.msgid, {name: str(part) for name, part in sentence.parts.items()}


def read_sentence(spelled: Any) -> Text:
    """A sentence of the process; ValueError, KeyError or TypeError where it is none."""
    msgid, parts = spelled
    sentence = Text(str(msgid), {str(name): str(part) for name, part in parts.items()})
    str(sentence)
    return sentence


def spell_refusal(error: Invalid) -> Mapping[str, list[SpelledSentence]]:
    return {
        place: [spell_sentence(one) for one in sentences]
        for place, sentences in error.messages.items()
    }


def read_refusal(spelled: Any) -> Invalid:
    """What the process refused; ValueError, KeyError, TypeError or AttributeError where that makes
    no sense.
    """
    return Invalid(
        {
            str(place): [read_sentence(one) for one in sentences]
            for place, sentences in spelled.items()
        }
    )
