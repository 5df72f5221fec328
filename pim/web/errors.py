"""An error as a page; for htmx as a toast, so that the page underneath stays as it was."""

from collections.abc import Sequence

from flask import Response, make_response, render_template, request

from pim.http.doors import ErrorAnswer
from pim.http.language import tell
from pim.web.page import is_htmx


def _entered() -> Sequence[tuple[str, str]]:
    """What a person filled in, to be sent once more from the page that says that it was not saved.
    Not a file, which no page can hold, and no password.
    """
    fields = list(request.form.items(multi=True))
    is_kept = not any(file.filename for file in request.files.values())
    return fields if is_kept and not any("password" in name for name, _ in fields) else ()


def error_page(answer: ErrorAnswer) -> Response:
    context = {
        "status": answer.status,
        "title": tell(answer.title),
        "sentences": [tell(one) for one in answer.sentences],
        "entered": _entered() if answer.status == 503 else (),
    }
    template = "errors/toast.html" if is_htmx() else "errors/error.html"
    response = make_response(render_template(f"pages/{template}", **context), answer.status)
    response.headers.update(answer.headers)
    if is_htmx():
        response.headers["HX-Retarget"] = "#toasts"
        response.headers["HX-Reswap"] = "beforeend"
    return response
