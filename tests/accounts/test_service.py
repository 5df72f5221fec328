from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from pim.accounts import granting, queries, service
from pim.accounts.models import AccountLink, ApiToken, User, UserSession
from pim.errors import Conflict, Invalid, NotFound
from tests.support.races import race

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def add(session, email="ann@example.org", role="editor"):
    return service.add_user(session, email, "Ann", role, NOW)


def test_the_set_up_link_makes_one_administrator_once(database):
    with database.writing() as session:
        token = service.setup_link(session, NOW)
        user = service.create_first_user(
            session, token, "Ann@Example.org", "Ann", "a good sentence", NOW
        )
        assert (user.role, user.email) == ("admin", "ann@example.org")
        with pytest.raises(NotFound):
            service.create_first_user(
                session, token, "b@example.org", "Bob", "a good sentence", NOW
            )
        assert service.setup_link(session, NOW) is None


@pytest.mark.parametrize("spelling", ["REN\u00c9@example.org", " rene\u0301@example.org"])
def test_an_address_is_one_however_its_letters_are_stored(database, spelling):
    with database.writing() as session:
        user = add(session, "Ren\u00e9@example.org")
        assert queries.user_by_email(session, spelling) is user
        with pytest.raises(Invalid):
            add(session, spelling)


def test_a_set_up_link_lapses_by_time_and_by_a_newer_one(database):
    with database.writing() as session:
        first = service.setup_link(session, NOW)
        second = service.setup_link(session, NOW)
        with pytest.raises(NotFound):
            queries.open_link(session, first, "setup", NOW)
        assert queries.open_link(session, second, "setup", NOW)
        with pytest.raises(NotFound):
            queries.open_link(session, second, "setup", NOW + timedelta(hours=service.SETUP_HOURS))


def test_a_link_of_one_purpose_does_not_serve_another(database):
    with database.writing() as session:
        token = service.invite_link(session, add(session), NOW)
        with pytest.raises(NotFound):
            service.redeem_sign_in(session, token, NOW)


def test_a_sign_in_link_works_once(database):
    with database.writing() as session:
        user = add(session)
        token = service.sign_in_link(session, user, NOW)
        assert service.redeem_sign_in(session, token, NOW) is user
        with pytest.raises(NotFound):
            service.redeem_sign_in(session, token, NOW)


def test_a_blocked_user_cannot_come_in_by_link_or_password(database):
    with database.writing() as session:
        user = add(session)
        service.set_password(session, user, "a good sentence", NOW)
        token = service.sign_in_link(session, user, NOW)
        service.change_user(session, user.id, role="editor", active=False, now=NOW)
        assert service.authenticate(session, user.email, "a good sentence") is None
        with pytest.raises(NotFound):
            service.redeem_sign_in(session, token, NOW)


def test_an_invited_user_chooses_a_password(database):
    with database.writing() as session:
        token = service.invite_link(session, add(session), NOW)
        with pytest.raises(Invalid) as refused:
            service.redeem_invite(session, token, "short", NOW)
        assert "password" in refused.value.messages
        service.redeem_invite(session, token, "a good sentence", NOW)
        assert service.authenticate(session, "ANN@example.org ", "a good sentence")
        assert service.authenticate(session, "ann@example.org", "a bad sentence") is None
        assert service.authenticate(session, "nobody@example.org", "a good sentence") is None


def test_all_complaints_about_a_new_user_come_at_once(database):
    with database.writing() as session, pytest.raises(Invalid) as refused:
        service.add_user(session, "no address", "", "king", NOW)
    assert set(refused.value.messages) == {"email", "name", "role"}


def test_an_address_belongs_to_one_user_whatever_its_case(database):
    with database.writing() as session:
        add(session)
        with pytest.raises(Invalid):
            add(session, "ANN@EXAMPLE.ORG")


def test_a_session_ends_when_it_is_told_to_or_its_time_is_over(database):
    with database.writing() as session:
        user = add(session)
        here, there, lost = (service.start_session(session, user, NOW) for _ in range(3))
        person = queries.signed_in(session, here, NOW)
        assert person.email == user.email
        service.end_session(session, user.id, queries.signed_in(session, lost, NOW).session_id)
        assert queries.signed_in(session, lost, NOW) is None
        service.end_sessions(session, user.id, but=person.session_id)
        assert queries.signed_in(session, there, NOW) is None
        last_moment = NOW + timedelta(days=service.SESSION_DAYS, seconds=-1)
        assert queries.signed_in(session, here, last_moment)
        assert queries.signed_in(session, here, last_moment + timedelta(seconds=1)) is None


def test_nobody_ends_the_session_of_somebody_else(database):
    with database.writing() as session:
        ann, bob = add(session), add(session, "bob@example.org")
        token = service.start_session(session, bob, NOW)
        bobs = queries.signed_in(session, token, NOW).session_id
        with pytest.raises(NotFound):
            service.end_session(session, ann.id, bobs)
        assert queries.signed_in(session, token, NOW)


@pytest.mark.parametrize("end", ["block", "password"])
def test_a_block_and_a_new_password_sign_out_everywhere(database, end):
    with database.writing() as session:
        user = add(session)
        token = service.start_session(session, user, NOW)
        if end == "block":
            service.change_user(session, user.id, role="editor", active=False, now=NOW)
        else:
            service.set_password(session, user, "een lange zin 77", NOW)
        assert queries.signed_in(session, token, NOW) is None
        assert queries.sessions_of(session, user.id, NOW) == []


def test_the_last_administrator_stays(database):
    with database.writing() as session:
        first = add(session, role="admin")
        with pytest.raises(Conflict):
            service.change_user(session, first.id, role="editor", active=True, now=NOW)
        add(session, "bob@example.org", role="admin")
        assert (
            service.change_user(session, first.id, role="editor", active=True, now=NOW).role
            == "editor"
        )


def test_an_api_token_is_found_until_it_is_revoked(database):
    with database.writing() as session:
        key = service.add_token(session, "till", "viewer", "ann", NOW)
        found = queries.find_token(session, key)
        assert (found.name, found.role) == ("till", "viewer")
        with pytest.raises(Invalid):
            service.add_token(session, "till", "viewer", "ann", NOW)
        service.revoke_token(session, found.id, NOW, "ann")
        assert queries.find_token(session, key) is None


def test_no_secret_is_stored_readable(database):
    with database.writing() as session:
        user = add(session)
        service.set_password(session, user, "a good sentence", NOW)
        link = service.sign_in_link(session, user, NOW)
        key = service.add_token(session, "till", "viewer", "ann", NOW)
        browser = service.start_session(session, user, NOW)
        session.flush()
        columns = (
            AccountLink.token_hash,
            ApiToken.token_hash,
            User.password_hash,
            UserSession.token_hash,
        )
        stored = "".join(value for column in columns for value in session.scalars(select(column)))
        assert link not in stored
        assert browser not in stored
        assert key not in stored
        assert "a good sentence" not in stored


@pytest.mark.parametrize(
    "password",
    ["1234567890", "qwertyuiop", "Password123!", "iloveyou123", "ann@example.org", "AnnAnnAnn1"],
)
def test_a_password_that_anybody_would_try_is_refused_and_the_link_stays(database, password):
    with database.writing() as session:
        token = service.invite_link(session, add(session), NOW)
        with pytest.raises(Invalid) as refused:
            service.redeem_invite(session, token, password, NOW)
        assert "among the first" in str(refused.value.messages["password"][0])
        service.redeem_invite(session, token, "een lange zin 77", NOW)


def test_a_long_password_is_judged_and_taken(database):
    with database.writing() as session:
        service.set_password(session, add(session), "verplaats de kist " * 20, NOW)


def test_there_is_one_live_link_for_a_person_and_a_purpose(database):
    with database.writing() as session:
        user = add(session)
        first = service.invite_link(session, user, NOW)
        sign_in = service.sign_in_link(session, user, NOW)
        second = service.invite_link(session, user, NOW)
        with pytest.raises(NotFound):
            service.redeem_invite(session, first, "een lange zin 77", NOW)
        assert queries.open_link(session, sign_in, "sign_in", NOW)
        service.redeem_invite(session, second, "een lange zin 77", NOW)


@pytest.mark.parametrize("end", ["use", "block", "password"])
def test_a_link_does_not_outlive_its_purpose(database, end):
    with database.writing() as session:
        user = add(session)
        invite = service.invite_link(session, user, NOW)
        sign_in = service.sign_in_link(session, user, NOW)
        if end == "use":
            service.redeem_sign_in(session, sign_in, NOW)
        elif end == "password":
            service.set_password(session, user, "een lange zin 77", NOW)
        else:
            for active in (False, True):
                service.change_user(session, user.id, role="editor", active=active, now=NOW)
        for token, purpose in ((invite, "invite"), (sign_in, "sign_in")):
            with pytest.raises(NotFound):
                queries.open_link(session, token, purpose, NOW)


def test_nobody_gets_a_link_who_may_not_sign_in(database):
    with database.writing() as session:
        user = add(session)
        service.change_user(session, user.id, role="editor", active=False, now=NOW)
        with pytest.raises(Conflict):
            service.invite_link(session, user, NOW)


def test_of_two_who_use_a_link_at_once_one_comes_in(database):
    with database.writing() as session:
        token = service.sign_in_link(session, add(session), NOW)

    def use(session):
        return service.redeem_sign_in(session, token, NOW)

    assert isinstance(race(database, use, use), NotFound)


def test_of_two_who_are_added_with_one_address_the_second_is_told(database):
    refused = race(database, add, add)
    assert isinstance(refused, Invalid)
    sentences = [str(one) for one in refused.messages["email"]]
    assert sentences == ["There is a user with this e-mail address already."]


def test_two_tokens_and_two_roles_of_one_name_are_refused_in_words(database):
    def token(session):
        service.add_token(session, "till", "viewer", "ann", NOW)

    def role(session):
        granting.add_role(session, "texts", "Texts", NOW)

    assert isinstance(race(database, token, token), Invalid)
    assert isinstance(race(database, role, role), Conflict)


def test_the_last_two_administrators_do_not_remove_each_other(database):
    with database.writing() as session:
        ann, bob = (add(session, email, "admin").id for email in ("a@b.org", "b@b.org"))

    def demote(user_id):
        return lambda session: service.change_user(
            session, user_id, role="editor", active=True, now=NOW
        )

    assert isinstance(race(database, demote(ann), demote(bob)), Conflict)
