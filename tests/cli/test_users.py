"""``pim users``: roles of one's own, giving and taking rights."""

from typing import Any

ANN = "ann@example.org"


def grants_of(desk: Any, email: str = ANN) -> list[dict[str, Any]]:
    (person,) = [one for one in desk.json("users", "list") if one["email"] == email]
    found: list[dict[str, Any]] = person["grants"]
    return found


def test_the_built_in_roles_are_told_with_their_rights(desk: Any) -> None:
    roles = {role["code"]: role for role in desk.json("users", "roles")}
    assert list(roles) == ["viewer", "editor", "approver", "admin"]
    assert all(role["built_in"] for role in roles.values())
    assert {"permission": "products.edit"} in roles["editor"]["grants"]
    assert "products.edit" in desk.ok("users", "roles")


def test_a_right_is_given_and_taken(shop: Any) -> None:
    shop.ok("users", "add", ANN, "--role", "viewer")
    said = shop.ok("users", "grant", ANN, "products.edit", "--locale", "nl_NL", "--locale", "de_DE")
    assert said == f"{ANN} has products.edit (locales de_DE, nl_NL) now.\n"
    granted = {"permission": "products.edit", "locales": ["de_DE", "nl_NL"]}
    assert grants_of(shop) == [granted]
    assert "+ products.edit (locales de_DE, nl_NL)" in shop.ok("users", "list")
    taken = shop.json("users", "revoke", ANN, "products.edit")
    assert taken["revoked"] == 1
    assert grants_of(shop) == []


def test_a_role_of_ones_own(shop: Any) -> None:
    shop.ok("users", "roles", "--add", "translator", "--label", "Vertaler")
    shop.ok("users", "grant", "translator", "products.edit", "--locale", "de_DE")
    shop.ok("users", "add", ANN, "--role", "translator")
    assert "ann@example.org" in shop.refused("users", "roles", "--remove", "translator")
    shop.ok("users", "role", ANN, "viewer")
    left = shop.json("users", "roles", "--remove", "translator")
    assert "translator" not in {role["code"] for role in left}


def test_what_makes_no_sense_is_refused_in_words(shop: Any) -> None:
    shop.ok("users", "add", ANN, "--role", "viewer")
    assert "xx_XX" in shop.refused("users", "grant", ANN, "products.edit", "--locale", "xx_XX")
    assert "limited" in shop.refused("users", "grant", ANN, "feeds.run", "--locale", "de_DE")
    assert "built in" in shop.refused("users", "grant", "editor", "products.approve")
    assert "no role" in shop.refused("users", "role", ANN, "king")
    assert "no user" in shop.refused("users", "role", "bob@example.org", "viewer")
    assert "comes with the role" in shop.refused("users", "revoke", ANN, "products.view")


def test_the_last_administrator_keeps_the_role(desk: Any) -> None:
    desk.ok("users", "add", ANN, "--role", "admin")
    assert "only active administrator" in desk.refused("users", "role", ANN, "viewer")


def test_somebody_who_lost_the_password_gets_a_link(desk: Any) -> None:
    desk.ok("users", "add", ANN)
    first, second = (desk.json("users", "link", ANN)["link"] for _ in range(2))
    assert first.startswith("http://127.0.0.1:8000/login/")
    assert first != second
    assert "no user" in desk.refused("users", "link", "bob@example.org")
