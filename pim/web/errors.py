"""An error as a page; for htmx as a toast, so that the page underneath stays as it was."""

from flask import Response, make_response, render_template

from pim.http.doors import ErrorAnswer
from pim.http.language import tell
from pim.web.page import is_htmx


def error_page(answer: ErrorAnswer) -> Response:
    context = {
        "status": answer.status,
        "title": tell(answer.title),
        "sentences": [tell(one) for one in answer.sentences],
    }
    template = "errors/toast.html" if is_htmx() else "errors/error.html"
    response = make_response(render_template(f"pages/{template}", **context), answer.status)
    response.headers.update(answer.headers)
    if is_htmx():
        response.headers["HX-Retarget"] = "#toasts"
        response.headers["HX-Reswap"] = "beforeend"
    return response
