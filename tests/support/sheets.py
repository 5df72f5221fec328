"""The table of the list as tests read it: SKU -> head of the column -> what stands in the cell."""

from lxml import html


def heads(page: str) -> list[str]:
    """The heads of the columns, in their order."""
    return [_words(one) for one in html.fromstring(page).cssselect(".list-table thead .head-label")]


def cells(page: str) -> dict[str, dict[str, str]]:
    """What each row says, in words."""
    names = heads(page)
    return {
        row.get("data-product"): dict(
            zip(names, (_words(cell) for cell in row.iterchildren("th", "td")), strict=True)
        )
        for row in html.fromstring(page).cssselect(".list-table tbody tr")
    }


def rows(part: str) -> dict[str, list[str]]:
    """SKU -> what stands in the cells, of rows that come without their table."""
    table = html.fragment_fromstring(f"<table>{part}</table>")
    return {
        row.get("data-product"): [_words(cell) for cell in row.iterchildren("th", "td")]
        for row in table.iter("tr")
    }


def _words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())
