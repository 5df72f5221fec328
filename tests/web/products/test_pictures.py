"""Pictures in the form of a product: taken in, ordered, refused."""

from io import BytesIO

from tests.web.products.conftest import png, product


def test_pictures_are_taken_in_ordered_and_removed(shop, enter):
    client = enter("editor")
    assert (
        client.send(
            "/products/A-1",
            **{"was-pictures": "", "file-pictures": [png("a.png", 10), png("b.png", 90)]},
        ).status_code
        == 303
    )
    first, second = product(shop, "A-1").product.values["pictures"]
    html = client.get("/products/A-1").get_data(as_text=True)
    assert "a.png" in html
    assert f"/media/{first}/" in html
    moved = {"was-pictures": f"{first},{second}", "value-pictures": [second, first]}
    client.send("/products/A-1", **moved)
    assert product(shop, "A-1").product.values["pictures"] == [second, first]
    client.send("/products/A-1", **{"was-pictures": f"{second},{first}", "value-pictures": [first]})
    assert product(shop, "A-1").product.values["pictures"] == [first]


def test_a_file_that_is_no_picture_is_refused_beside_its_field(shop, enter):
    client = enter("editor")
    for name, sentence in (("a.png", "a.png:"), ("a.exe", "Only files of these kinds")):
        response = client.send(
            "/products/A-1",
            **{"was-pictures": "", "file-pictures": (BytesIO(b"not a picture"), name)},
        )
        assert response.status_code == 422
        assert sentence in response.get_data(as_text=True)


def test_where_there_is_room_for_one_picture_the_new_one_replaces_it(shop, enter):
    client = enter("editor")
    client.send("/products/A-1", **{"was-cover": "", "file-cover": png("a.png", 10)})
    before = product(shop, "A-1").product.values["cover"]
    refused = client.send(
        "/products/A-1",
        **{"was-cover": before, "value-cover": before, "file-cover": (BytesIO(b"no"), "b.png")},
    )
    assert refused.status_code == 422
    client.send(
        "/products/A-1",
        **{"was-cover": before, "value-cover": before, "file-cover": png("b.png", 90)},
    )
    assert product(shop, "A-1").product.values["cover"] not in (None, before)
