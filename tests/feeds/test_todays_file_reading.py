"""The file that a channel gets today is read, whatever form it has."""

import gzip

import pytest

from pim.errors import Invalid
from pim.todays_file.reading import read

RSS = """<?xml version="1.0"?>
<rss xmlns:g="http://base.google.com/ns/1.0"><channel><title>Shop</title>
<item><g:id>A-1</g:id><g:image_link>https://shop.example/1.jpg</g:image_link>
<g:shipping><g:country>NL</g:country><g:price>4.95 EUR</g:price></g:shipping>
<g:product_highlight>Light</g:product_highlight><g:product_highlight>Fast</g:product_highlight></item>
<item><g:id>A-2</g:id><g:color/></item>
</channel></rss>"""


def test_the_items_of_xml_are_found_by_themselves():
    file = read(RSS.encode())
    assert file.columns == [
        "id",
        "image_link",
        "shipping/country",
        "shipping/price",
        "product_highlight",
    ]
    assert file.items[0]["product_highlight"] == ("Light", "Fast")
    assert file.items[0]["shipping/price"] == ("4.95 EUR",)
    assert file.items[1] == {"id": ("A-2",)}
    assert read(gzip.compress(RSS.encode())) == file


def test_a_file_with_one_item_has_one():
    one = "<SHOP><SHOPITEM><ID>A-1</ID><PRICE>5</PRICE></SHOPITEM></SHOP>"
    assert read(one.encode()).items == [{"ID": ("A-1",), "PRICE": ("5",)}]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_delimited_file_has_a_column_for_each_cell_of_its_header(delimiter):
    rows = [["id", "title", "price"], ["A-1", "Red bag", "12.50"], ["A-2", "", "13.00"]]
    file = read("\n".join(delimiter.join(row) for row in rows).encode())
    assert file.columns == ["id", "title", "price"]
    assert file.items[1] == {"id": ("A-2",), "price": ("13.00",)}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<rss>\n<channel><item></rss>", "line 2"),
        (b'[{"id": "A-1"}]', "JSON"),
        (gzip.compress(b"id;title\nA-1;Bag\n")[:-9], "damaged"),
        (b"<rss><channel></channel></rss>", "no items"),
        (b"id;title\n", "no items"),
    ],
)
def test_what_is_no_feed_is_refused_with_the_reason(content, said):
    with pytest.raises(Invalid) as caught:
        read(content)
    assert said in str(caught.value)


def test_an_entity_of_another_file_is_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("hidden")
    document = (
        f'<!DOCTYPE s [<!ENTITY x SYSTEM "file://{secret}">]>'
        "<s><i><id>A-1</id><t>&x;</t></i><i><id>A-2</id></i></s>"
    )
    assert "hidden" not in str(read(document.encode()).items)
