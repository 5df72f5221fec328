"""What a person does in a browser, counted: clicks, keys, texts typed in one go, pages loaded."""

from playwright.sync_api import Locator, Page, Request


class Journey:
    """``actions``: clicks, keys and texts so far; ``loads``: pages that were loaded whole."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions = 0
        self.loads = 0
        page.on("request", self._count_load)

    def _count_load(self, request: Request) -> None:
        """A page counts when it is asked for; where it leads on to another one, they are one."""
        is_page = request.is_navigation_request() and request.frame == self.page.main_frame
        if is_page and request.redirected_from is None:
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
