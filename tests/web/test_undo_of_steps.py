"""Every message about a change carries its undo, for who may: it leads back to what was there, to
the page one was on, and touches nothing else.
"""

import re
from dataclasses import replace
from html import unescape

import pytest

from pim.accounts import granting
from pim.accounts.permissions import Permission
from pim.accounts.principals import BUILT_IN_ROLES
from pim.products import publishing, queries, reviewing, service
from pim.products.change import ProductInput
from pim.structure import queries as structure_queries
from pim.structure import service as structures
from pim.workflow import APPROVED, DRAFT, RETIRED, REVIEW
from tests.support import coats

UNDO = re.compile(r'<form class="note-undo" method="post" action="([^"]+)">(.*?)</form>', re.DOTALL)
FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def shop(database):
    coats.fill(database)
    return database


def found(database, identifier):
    with database.reading() as session:
        return queries.get(session, identifier).product


def undo_on(page):
    """Address and fields of the undo that a page offers; None where it offers none."""
    form = UNDO.search(page)
    if form is None:
        return None
    fields = {name: unescape(value) for name, value in FIELD.findall(form.group(2))}
    return unescape(form.group(1)), fields


def click_undo(client, page):
    url, fields = undo_on(page)
    return client.send(url, **{name: one for name, one in fields.items() if name != "csrf_token"})


def save(client, identifier, **typed):
    fields = {}
    with_values = {name.replace("__", "-"): value for name, value in typed.items()}
    for address, (was, value) in with_values.items():
        fields |= {f"was-{address}": was, f"value-{address}": value}
    address = f"/products/{identifier}?in=shop.en_GB"
    version = re.search(r'name="version" value="(\d+)"', client.get(address).text).group(1)
    answer = client.send(address, version=version, **fields)
    assert answer.status_code == 303
    return client.get(answer.location)


@pytest.mark.parametrize("role", ["editor", "approver"])
def test_a_save_is_undone_and_what_was_approved_is_so_again(shop, enter, role):
    client = enter(role)
    page = save(client, "C-1", name__en_GB=("Coat", "Raincoat"))
    assert found(shop, "C-1").status == DRAFT
    answer = click_undo(client, page.text)
    assert answer.location == page.request.full_path
    after = client.get(answer.location).text
    assert "Undone: 1 product." in after
    assert undo_on(after) is None
    assert found(shop, "C-1").values["name-en_GB"] == "Coat"
    assert found(shop, "C-1").status == APPROVED


def test_what_somebody_changed_since_stays_and_is_told(shop, enter):
    client = enter("editor")
    page = save(
        client, "C-1", name__en_GB=("Coat", "Raincoat"), story__en_GB=("<p>Warm</p>", "<p>Dry</p>")
    )
    save(client, "C-1", name__en_GB=("Raincoat", "Parka"))
    click_undo(client, page.text)
    values = found(shop, "C-1").values
    assert (values["name-en_GB"], values["story-en_GB"]) == ("Parka", "<p>Warm</p>")


@pytest.mark.parametrize(
    ("role", "status", "before"),
    [("editor", REVIEW, DRAFT), ("approver", RETIRED, DRAFT)],
)
def test_a_step_of_one_product_is_undone(shop, enter, role, status, before):
    client = enter(role)
    answer = client.send("/product/move/C-2?in=shop.en_GB", status=status)
    assert found(shop, "C-2").status == status
    click_undo(client, client.get(answer.location).text)
    assert found(shop, "C-2").status == before


def test_a_retired_product_is_approved_again_as_channels_saw_it(shop, enter):
    client = enter("approver")
    answer = client.send("/product/move/C-1?in=shop.en_GB", status=RETIRED)
    click_undo(client, client.get(answer.location).text)
    assert found(shop, "C-1").status == APPROVED


def test_nobody_takes_back_what_others_did_without_the_right_to(shop, enter, clock):
    client = enter("approver")
    page = save(client, "C-1", name__en_GB=("Coat", "Raincoat"))
    url, fields = undo_on(page.text)
    editor = enter("editor")
    assert editor.send(url, step=fields["step"]).status_code == 403
    assert editor.send(url, step="run-1").status_code == 422
    assert found(shop, "C-1").values["name-en_GB"] == "Raincoat"


def approve(client, identifier):
    """As on the page of the product; the page that comes then."""
    page = client.get(f"/products/{identifier}?in=shop.en_GB").text
    plan = unescape(re.search(r'name="plan" value="([^"]+)"', page).group(1))
    address = f"/product/approve/{identifier}?in=shop.en_GB"
    answer = client.send(address, plan=plan, reason="for the test")
    return client.get(answer.location).text


def test_an_approval_is_undone_and_channels_see_again_what_they_saw(shop, enter):
    client = enter("approver")
    save(client, "C-1", name__en_GB=("Coat", "Raincoat"))
    client.send("/product/move/C-1", status=REVIEW)
    page = approve(client, "C-1")
    assert found(shop, "C-1").published["name-en_GB"] == "Raincoat"
    after = client.get(click_undo(client, page).location).text
    assert "Undone: 1 product." in after
    product = found(shop, "C-1")
    assert (product.status, product.published["name-en_GB"]) == (REVIEW, "Coat")
    assert product.values["name-en_GB"] == "Raincoat"
    with shop.reading() as session:
        change = queries.history(session, product.id)[0]
    assert (change.source, change.status_before) == ("revert", APPROVED)


def test_what_was_never_published_before_is_taken_from_channels_with_its_model(shop, enter):
    client = enter("approver")
    page = approve(client, "M-1")
    assert (found(shop, "M").status, found(shop, "M-1").status) == (APPROVED, APPROVED)
    click_undo(client, page)
    for identifier in ("M", "M-1"):
        product = found(shop, identifier)
        assert (product.status, product.published) == (DRAFT, None)


def test_a_model_that_other_variants_need_stays_approved_and_it_is_said(shop, enter, clock):
    client = enter("approver")
    page = approve(client, "M-1")
    with shop.writing() as session:
        options = {"attributes": {"color": {"options": {"red": {}, "blue": {}}}}}
        structures.apply(session, options)
        twin = ProductInput("M-2", {"parent": "M", "color": "blue"})
        service.write(session, [twin], coats.ANN, clock())
        publishing.approve(session, ["M-2"], coats.ANN, clock(), force="test")
    after = client.get(click_undo(client, page).location).text
    assert found(shop, "M-1").published is None
    assert (found(shop, "M").status, found(shop, "M-2").status) == (APPROVED, APPROVED)
    assert "“M” stays approved: channels see other variants of it, which need it." in after


def test_an_approval_of_what_was_changed_since_stays_and_it_is_said(shop, enter):
    client = enter("approver")
    save(client, "C-1", name__en_GB=("Coat", "Raincoat"))
    page = approve(client, "C-1")
    save(client, "C-1", name__en_GB=("Raincoat", "Parka"))
    after = client.get(click_undo(client, page).location).text
    assert "There is nothing to undo any more: somebody changed it since." in after
    assert found(shop, "C-1").published["name-en_GB"] == "Raincoat"


def test_who_may_edit_and_not_approve_undoes_no_approval(shop, enter):
    client = enter("approver")
    save(client, "C-1", name__en_GB=("Coat", "Raincoat"))
    url, fields = undo_on(approve(client, "C-1"))
    assert enter("editor").send(url, step=fields["step"]).status_code == 403
    assert found(shop, "C-1").status == APPROVED


def decide_on_desk(client, identifier, **decision):
    """As the desk does that stands open: what it answers, with the message."""
    page = client.get(f"/product/review?in=shop.en_GB&product={identifier}").text
    plan = unescape(re.search(r'name="plan" value="([^"]+)"', page).group(1))
    token = re.search(r'name="csrf-token" content="([^"]+)"', page).group(1)
    answer = client.post(
        f"/product/review/{identifier}?in=shop.en_GB",
        data={"csrf_token": token, "plan": plan, **decision},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 200
    return answer.text


def test_an_approval_on_the_review_desk_is_undone_from_its_message(shop, enter):
    client = enter("approver")
    client.send("/product/move/C-2", status=REVIEW)
    message = decide_on_desk(client, "C-2", reason="for the test")
    assert "Approved: C-2." in message
    back = click_undo(client, message)
    assert "product=C-2" in back.location
    assert (found(shop, "C-2").status, found(shop, "C-2").published) == (REVIEW, None)


def comment_on(database, identifier):
    with database.reading() as session:
        product = queries.get(session, identifier).product
        said = reviewing.comment_on(session, product)
        return None if said is None else (said.comment, said.recipient)


def test_what_was_sent_back_on_the_review_desk_is_returned_to_it_from_its_message(
    shop, enter, clock
):
    with shop.writing() as session:
        publishing.move(session, ["C-2"], REVIEW, coats.ANN, clock())
    client = enter("approver")
    message = decide_on_desk(client, "C-2", comment="Which colour?")
    assert "Sent back: C-2." in message
    assert comment_on(shop, "C-2") == ("Which colour?", "ann@example.org")
    back = click_undo(client, message)
    assert "product=C-2" in back.location
    assert "Undone: 1 product." in client.get(back.location).text
    assert found(shop, "C-2").status == REVIEW
    assert comment_on(shop, "C-2") is None
    # It is still Ann who asked for a review, and not who took the comment back.
    decide_on_desk(client, "C-2", comment="Which size?")
    assert comment_on(shop, "C-2") == ("Which size?", "ann@example.org")


def test_an_undone_approval_is_sent_back_to_who_had_submitted_it(shop, enter, clock):
    with shop.writing() as session:
        publishing.move(session, ["C-2"], REVIEW, coats.ANN, clock())
    client = enter("approver")
    click_undo(client, decide_on_desk(client, "C-2", reason="for the test"))
    decide_on_desk(client, "C-2", comment="Which size?")
    assert comment_on(shop, "C-2") == ("Which size?", "ann@example.org")


@pytest.fixture
def checker(shop, enter, clock):
    """Somebody who approves, and takes back nothing but the own steps."""
    with shop.writing() as session:
        structure = structure_queries.structure(session)
        role = granting.add_role(session, "checker", "Checker", clock())
        for grant in BUILT_IN_ROLES["approver"].grants:
            if grant.permission != Permission.PRODUCTS_REVERT:
                granting.grant(session, structure, role, grant, clock())
    return enter("checker")


def test_who_may_not_undo_takes_the_own_approval_back_and_submits_nothing(shop, checker, clock):
    with shop.writing() as session:
        publishing.move(session, ["C-2"], REVIEW, coats.ANN, clock())
    click_undo(checker, decide_on_desk(checker, "C-2", reason="for the test"))
    product = found(shop, "C-2")
    assert (product.status, product.published) == (REVIEW, None)
    with shop.reading() as session:
        change = queries.history(session, product.id)[0]
    assert (change.source, change.actor) == ("revert", "checker@example.org")
    decide_on_desk(checker, "C-2", comment="Which size?")
    assert comment_on(shop, "C-2") == ("Which size?", "ann@example.org")


def test_who_may_not_undo_takes_back_the_own_save_and_has_chosen_nothing(shop, checker):
    page = save(checker, "C-1", name__en_GB=("Coat", "Raincoat"))
    click_undo(checker, page.text)
    product = found(shop, "C-1")
    assert (product.values["name-en_GB"], product.status) == ("Coat", APPROVED)
    with shop.reading() as session:
        assert queries.history(session, product.id)[0].source == "revert"


def test_who_may_not_undo_takes_back_no_step_of_others(shop, checker, clock):
    with shop.writing() as session:
        publishing.move(session, ["C-2"], REVIEW, replace(coats.ANN, reference="step-ann"), clock())
    assert checker.send("/product/take-back", step="step-ann").status_code == 403
    assert found(shop, "C-2").status == REVIEW


def test_what_is_submitted_anew_is_sent_back_to_who_did_so(shop, enter, clock):
    client = enter("approver")
    client.send("/product/move/C-2", status=REVIEW)
    decide_on_desk(client, "C-2", comment="Which colour?")
    with shop.writing() as session:
        publishing.move(session, ["C-2"], REVIEW, coats.ANN, clock())
    decide_on_desk(client, "C-2", comment="Which size?")
    assert comment_on(shop, "C-2") == ("Which size?", "ann@example.org")


def test_nothing_changed_offers_no_undo(shop, enter):
    client = enter("editor")
    assert undo_on(save(client, "C-1", name__en_GB=("Coat", "Coat")).text) is None


def test_a_structure_leads_to_a_look_at_the_version_before(shop, enter):
    client = enter("admin")
    page = client.get("/settings").text
    document = unescape(re.search(r"<textarea[^>]*>\n?(.*?)</textarea>", page, re.DOTALL).group(1))
    seen = re.search(r'name="seen" value="([^"]*)"', page).group(1)
    changed = document.replace("en_GB: Coats", "en_GB: Overcoats")
    assert changed != document
    answer = client.send("/settings", document=changed, seen=seen)
    after = client.get(answer.location).text
    link = re.search(r'<a class="btn btn-sm note-undo" href="([^"]+)"', after)
    look = client.get(unescape(link.group(1))).text
    assert "<del>Overcoats</del> <ins>Coats</ins>" in look
    assert "<h1>Structure</h1>" in look
