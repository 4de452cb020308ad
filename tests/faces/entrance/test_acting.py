"""As whom a session acts: by a grant that holds now, for a purpose that was stated."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client, RequestFactory
from tests.faces.entrance import people

from yuexin.engines.access.types import PUBLIC, Actor
from yuexin.faces.shared.acting import actor_of_request

pytestmark = pytest.mark.usefixtures("undone")


def actor(client: Client) -> Actor:
    """As whom the next request of this visitor acts."""
    return actor_of_request(client.get("/about").wsgi_request)


def state(client: Client, purpose: str) -> int:
    return client.post("/account/purpose", {"purpose": purpose}).status_code


def test_nobody_is_the_public(client: Client) -> None:
    assert actor(client) is PUBLIC
    assert actor_of_request(RequestFactory().get("/")) is PUBLIC


def test_an_account_without_grants_is_the_public(client: Client) -> None:
    people.account("he")
    people.sign_in(client, "he")
    assert actor(client) is PUBLIC


def test_an_officer_acts_for_the_purpose_he_states(client: Client) -> None:
    people.officer()
    people.arrive(client)
    assert actor(client) == Actor(id="lin", role="clerk", agency="environment", division="440000")
    assert "查询目的" not in client.get("/about").content.decode()
    assert state(client, "curiosity") == 400
    assert state(client, "licensing") == 302
    assert actor(client).purpose == "licensing"
    assert "查询目的：行政许可" in client.get("/about").content.decode()
    assert state(client, "") == 302
    assert actor(client).purpose == ""


def test_who_needs_no_purpose_is_not_offered_one(client: Client) -> None:
    people.citizen()
    people.sign_in(client, "he")
    assert actor(client).role == "citizen"
    assert state(client, "licensing") == 400


def test_an_officer_who_changes_agency_in_the_middle_of_a_session_is_refused_at_once(
    client: Client,
) -> None:
    holder = people.officer()
    people.arrive(client)
    state(client, "licensing")
    people.end(holder.grants.get())
    moved = people.grant(holder, agency="foshan_environment")
    assert state(client, "licensing") == 403
    assert "这项授权已于" in client.get("/about").content.decode()
    assert client.post("/account/grant", {"grant": str(moved.pk)}).status_code == 302
    now = actor(client)
    assert (now.agency, now.division, now.purpose) == ("foshan_environment", "440600", "")


def test_an_officer_whose_only_grant_ended_acts_no_more(client: Client) -> None:
    holder = people.officer()
    people.arrive(client)
    people.end(holder.grants.get())
    assert state(client, "licensing") == 403


def test_who_holds_several_grants_chooses_first(client: Client) -> None:
    holder = people.officer()
    second = people.grant(holder, role="inspector", agency="market_regulation")
    people.arrive(client, lands="/account")
    assert state(client, "licensing") == 403
    assert "请先选择以哪一项授权办事" in client.get("/about").content.decode()
    client.post("/account/grant", {"grant": str(second.pk)})
    assert actor(client).role == "inspector"


@pytest.mark.parametrize("wanted", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_nobody_acts_by_what_is_not_his(client: Client, wanted: str) -> None:
    other = people.grant(people.account("other"))
    people.officer()
    people.arrive(client)
    for grant in (wanted, str(other.pk)):
        assert client.post("/account/grant", {"grant": grant}).status_code == 403
    assert actor(client).agency == "environment"


def test_a_session_whose_second_factor_was_taken_away_is_led_to_a_new_one(client: Client) -> None:
    holder = people.officer()
    people.arrive(client)
    Authenticator.objects.filter(user=holder).delete()
    assert client.get("/about").headers["Location"] == "/account/second-factor/activate"


def test_who_has_yet_to_choose_a_grant_reads_what_is_public(client: Client) -> None:
    people.grant(people.officer(), agency="housing")
    people.arrive(client, lands="/account")
    page = client.get("/integrity")
    assert page.status_code == 200
    assert "现在核验一次" not in page.content.decode()


def test_a_citizen_is_offered_what_he_can_do(client: Client) -> None:
    people.citizen()
    people.sign_in(client, "he")
    page = client.get("/account").content.decode()
    assert 'action="/search"' in page
    assert 'data-label="部门或主体"' not in page
