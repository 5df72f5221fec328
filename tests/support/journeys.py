"""What a person does in a browser, counted: clicks, keys, texts typed in one go, pages loaded."""

from playwright.sync_api import Locator, Page


class Journey:
    """``actions``: clicks, keys and texts so far; ``loads``: pages that were loaded whole."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions = 0
        self.loads = 0
        page.on("load", self._count_load)

    def _count_load(self, _page: Page) -> None:
        self.loads += 1

    def click(self, place: Locator) -> None:
        place.click()
        self.actions += 1

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)
        self.actions += 1

    def type(self, text: str) -> None:
        """A text into whatever has the focus, as fast as somebody pastes it."""
        self.page.keyboard.insert_text(text)
        self.actions += 1

    def choose(self, place: Locator, option: str) -> None:
        place.select_option(option)
        self.actions += 1
