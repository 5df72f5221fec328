"""``_()`` and ``ngettext()`` of templates: sentences in the reader's language, with the numbers in
them as it writes numbers.
"""

from typing import Any

from jinja2 import Environment, pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup

from pim.i18n import number, translations
from pim.web.page import language


def install(environment: Environment) -> None:
    """In place of Jinja's own, which write 1049 in every language."""
    environment.add_extension("jinja2.ext.i18n")
    environment.globals.update(_=say, gettext=say, ngettext=count)


@pass_eval_context
def say(context: EvalContext, sentence: str, **parts: Any) -> str:
    """The sentence, with its parts."""
    return _filled(context, translations(language()).gettext(sentence), parts)


@pass_eval_context
def count(context: EvalContext, one: str, many: str, num: int, **parts: Any) -> str:
    """The sentence in the form that ``num`` asks for; both have it as ``%(num)s``."""
    sentence = translations(language()).ngettext(one, many, num)
    return _filled(context, sentence, {"num": num, **parts})


def _filled(context: EvalContext, sentence: str, parts: dict[str, Any]) -> str:
    told = Markup(sentence) if context.autoescape else sentence  # noqa: S704 (our own words)
    return told % {name: _shown(part) for name, part in parts.items()}


def _shown(part: Any) -> Any:
    is_number = isinstance(part, int) and not isinstance(part, bool)
    return number(part, language()) if is_number else part
