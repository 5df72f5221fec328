"""The form of a bulk edit's step: tables of values, pictures, and what feeds' operations make of
values. Each is looked at, done, and told in words.
"""

from html import unescape

import pytest

from media import queries as media
from media.storage import Storage
from pim.job_kinds import handlers
from pim.jobs.runner import Runner
from pim.products.change import ProductInput
from tests.web.products.conftest import png, product, write


class BulkEditor:
    """Somebody who edits products by the pages."""

    def __init__(self, client, work):
        self.client, self._work = client, work
        self.url = ""

    def begin(self, *identifiers):
        begun = self.client.send("/products/bulk?in=shop.nl_NL", identifier=list(identifiers))
        self.url = begun.location.partition("?")[0]

    def form(self, do, attribute):
        return self.client.get(f"{self.url}?do={do}&attribute={attribute}").get_data(as_text=True)

    def step(self, do, attribute, address, **fields):
        """Send a step; what the answer says."""
        said = {"do": do, "attribute": attribute, "address": address, "then": "preview"}
        answer = self.client.send(f"{self.url}/steps", **said, **fields)
        page = self.client.get(answer.location) if answer.status_code == 303 else answer
        return answer.status_code, unescape(page.get_data(as_text=True))

    def confirm(self):
        """Do what the preview shows; what the page of it says then."""
        page = self.client.get(f"{self.url}/preview").get_data(as_text=True)
        seen = page.partition('name="seen" value="')[2].partition('"')[0]
        self.client.send(f"{self.url}/apply", seen=seen)
        self._work()
        return unescape(self.client.get(self.url).get_data(as_text=True))

    def undo(self):
        self.client.send(f"{self.url}/undo")
        self._work()


@pytest.fixture
def editor(shop, enter, settings, clock):
    runner = Runner(shop, handlers(settings, Storage(settings.storage_url)), workers=1, clock=clock)
    write(shop, ProductInput("A-1", {"size": "S", "colors": ["red"]}))
    write(shop, ProductInput("A-2", {"size": "M", "colors": ["red", "blue"]}))
    found = BulkEditor(enter("admin"), runner.run_until_idle)
    found.begin("A-1", "A-2")
    return found


def held(shop, address):
    return [product(shop, one).product.values.get(address) for one in ("A-1", "A-2")]


def table(*lines, row=0, other=""):
    """The table of an operation, as the form sends it."""
    return {
        f"operation-{row}": "map",
        f"old-{row}": [old for old, _ in lines],
        f"new-{row}": [new for _, new in lines],
        f"other-{row}": other,
    }


def test_a_table_begins_with_the_options_there_are(editor):
    page = editor.form("convert", "colors")
    assert 'name="old-0" value="Red"' in page
    assert 'name="old-0" value="Blue"' in page


def test_options_are_exchanged_by_their_labels_and_taken_back(editor, shop):
    lines = table(("Red", "Blue"), ("Blue", ""), ("", ""))
    status, page = editor.step("convert", "colors", "colors", **lines)
    assert status == 303
    assert "Convert [colors]: Red → Blue" in page
    assert "Change 2 products" in page
    assert held(shop, "colors") == [["red"], ["red", "blue"]]
    done = editor.confirm()
    assert "Convert [colors]: Red → Blue" in done
    assert held(shop, "colors") == [["blue"], ["blue"]]
    editor.undo()
    assert held(shop, "colors") == [["red"], ["red", "blue"]]


def test_texts_are_exchanged_as_they_stand_and_all_others_become_one(editor, shop):
    lines = table(("Jas één", " Mantel "), other="Iets anders")
    _, page = editor.step("convert", "name", "name-nl_NL", **lines)
    assert "Jas één → Mantel, all others → Iets anders" in page
    editor.confirm()
    assert held(shop, "name-nl_NL") == ["Mantel", "Iets anders"]


def test_one_attribute_is_computed_from_another_by_a_table(editor, shop):
    lines = table(("S", "Red"), ("M", "blue"))
    _, page = editor.step("compute", "colors", "colors", sources=["size"], **lines)
    assert "Compute [colors] from Size: [S] → Red, [M] → Blue" in page
    editor.confirm()
    assert held(shop, "colors") == [["red"], ["blue"]]


def test_a_long_table_is_told_by_its_first_lines(editor):
    lines = table(*((f"Jas {number}", f"Mantel {number}") for number in range(5)))
    _, page = editor.step("convert", "name", "name-nl_NL", **lines)
    assert "Jas 0 → Mantel 0, Jas 1 → Mantel 1, Jas 2 → Mantel 2, … (5)" in page


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (table(("pink", "Red")), "Line 1: “pink” is none of the options."),
        (table(("Red", "pink")), "Line 1: “pink” is none of the options."),
        (table(("Red", "Blue"), ("", "Red")), "Line 2: It does not say which value becomes “Red”."),
        (
            table(("Red", "Blue"), ("red", "Red")),
            "Line 2: “red” becomes something else in a line above.",
        ),
        (table(("Red", "Blue"), other="pink"), "“pink” is none of the options."),
        (table(("Red", "")), "Say in the table what at least one value becomes."),
    ],
)
def test_a_table_that_makes_no_sense_is_told_beside_what_was_typed(editor, lines, said):
    status, page = editor.step("convert", "colors", "colors", **lines)
    assert status == 422
    assert said in page
    assert all(f'name="old-0" value="{old}"' in page for old in lines["old-0"] if old)
    assert 'value="map" selected' in page


def chosen(client, name, shade):
    """A picture that is in the media library."""
    page = client.send("/product/pictures", **{"file-pictures": png(name, shade)}).text
    return page.partition('name="value-pictures" value="')[2].partition('"')[0]


def test_pictures_are_set_added_taken_out_and_taken_back(editor, shop, enter):
    client = editor.client
    first, second = chosen(client, "front.png", 10), chosen(client, "back.png", 90)
    assert 'enctype="multipart/form-data"' in editor.form("set", "pictures")
    _, page = editor.step("set", "pictures", "pictures", **{"value-pictures": [first]})
    assert "Set Pictures to “front.png”" in page
    assert "<ins>front.png</ins>" in page.replace(' dir="auto"', "")
    editor.confirm()
    assert held(shop, "pictures") == [[first], [first]]
    editor.begin("A-2")
    editor.step("append", "pictures", "pictures", **{"value-pictures": [second]})
    assert "Add “back.png” to Pictures" in editor.confirm()
    assert held(shop, "pictures") == [[first], [first, second]]
    editor.undo()
    assert held(shop, "pictures") == [[first], [first]]
    editor.begin("A-1", "A-2")
    assert 'type="file"' not in editor.form("remove", "pictures")
    editor.step("remove", "pictures", "pictures", **{"value-pictures": [first]})
    assert "Take “front.png” out of Pictures" in editor.confirm()
    assert held(shop, "pictures") == [None, None]


def test_a_picture_that_comes_with_the_form_is_set(editor, shop):
    status, page = editor.step("set", "cover", "cover", **{"file-cover": png("new.png", 40)})
    assert status == 303
    assert "Set [cover] to “new.png”" in page
    editor.confirm()
    [code, other] = held(shop, "cover")
    assert code == other
    with shop.reading() as session:
        assert media.by_codes(session, [code])[code].filename == "new.png"


def test_a_file_that_is_none_is_refused_and_nothing_is_lost(editor, shop):
    client = editor.client
    first = chosen(client, "front.png", 10)
    fields = {"value-pictures": [first], "file-pictures": png("note.exe", 10)}
    status, page = editor.step("set", "pictures", "pictures", **fields)
    assert status == 422
    assert "note.exe: Only files of these kinds go in here: png." in page
    assert "front.png" in page


def test_what_was_typed_is_still_there_when_a_step_is_refused(editor):
    status, page = editor.step("set", "size", "size", **{"value-size": "XXL"})
    assert status == 422
    assert "XXL" in page
    status, page = editor.step("compute", "name", "name-nl_NL", sources=["name-en_GB"])
    editor.begin("A-1")
    broken = {"operation-0": "truncate", "first-0": "many", "sources": ["name-en_GB"]}
    status, page = editor.step("compute", "name", "name-nl_NL", **broken)
    assert status == 422
    assert '<option value="name-en_GB" selected>' in page


def test_only_what_can_be_done_with_a_value_is_offered(editor):
    assert '<option value="map"' not in editor.form("convert", "weight")
    assert '<option value="multiply"' not in editor.form("convert", "colors")
    assert '<option value="waterproof"' not in editor.form("convert", "")
    assert '<option value="pictures"' not in editor.form("convert", "")
    assert '<option value="map"' in editor.form("compute", "weight")


@pytest.mark.parametrize(
    ("do", "fields", "after"),
    [
        ("replace", {"look_for": "Jas", "put": "Vest"}, "Vest één"),
        ("convert", {"operation-0": "upper"}, "JAS ÉÉN"),
        ("convert", {"operation-0": "suffix", "first-0": "!"}, "Jas één!"),
        (
            "compute",
            {"sources": ["sku", "size"], "operation-0": "join", "first-0": "/"},
            "A-1/S",
        ),
    ],
)
def test_texts_are_replaced_converted_and_computed(editor, shop, do, fields, after):
    status, _ = editor.step(do, "name", "name-nl_NL", **fields)
    assert status == 303
    editor.confirm()
    assert held(shop, "name-nl_NL")[0] == after


def test_a_value_is_copied_from_another_language_and_channel(editor, shop):
    values = {"story-nl_NL-shop": "<p>Warm</p>"}
    write(shop, ProductInput("A-1", values))
    fields = {"source": "story-nl_NL-shop"}
    _, page = editor.step("copy", "story", ["story-en_GB-shop", "story-nl_NL-till"], **fields)
    assert "Change 1 product" in page
    editor.confirm()
    assert held(shop, "story-en_GB-shop") == ["<p>Warm</p>", None]
    assert held(shop, "story-nl_NL-till") == ["<p>Warm</p>", None]
