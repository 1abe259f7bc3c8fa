"""Signing in through a force's provider, and the lies of a provider or an attacker."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import RSAKey

from bluelamp.demo import cast
from bluelamp.foundation.accounts.commands import DirectoryEntry, add_directory_account
from bluelamp.foundation.accounts.directory import directory_actor
from bluelamp.foundation.accounts.models import AccountSession, DirectoryAccount, User
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.clock import now
from tests.cast import account
from tests.direct_writes import direct_writes
from tests.web.openid.lying_provider import CLIENT_ID, LyingProvider, running_provider

pytestmark = pytest.mark.django_db
IVY = {"preferred_username": "ivy.lund", "name": "Ivy Lund", "groups": ["Met CID"]}
CALLBACK = "/sign-in/force/callback/"


@pytest.fixture
def provider(settings: Any) -> Iterator[LyingProvider]:
    account(cast.ADA)  # so that there are roles and an organisation
    with running_provider() as running:
        settings.BLUELAMP_OIDC_ISSUER = running.origin
        settings.BLUELAMP_OIDC_CLIENT_ID = CLIENT_ID
        settings.BLUELAMP_OIDC_CLIENT_SECRET = "s" * 32
        settings.BLUELAMP_DIRECTORY_ROLES = "Met CID = investigator"
        running.claims = dict(IVY)
        yield running


def go(client: Client, provider: LyingProvider, **data: str) -> dict[str, str]:
    """Press the button; return what the browser takes to the provider."""
    answer = client.post("/sign-in/force/", data)
    assert answer.status_code == 302, answer.content
    assert answer["Location"].startswith(f"{provider.origin}/auth?")
    query = {
        name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()
    }
    provider.nonce = query["nonce"]
    return query


def test_we_prove_who_we_are_with_a_key(
    client: Client, provider: LyingProvider, settings: Any
) -> None:
    """ASVS 5.0, 13.2.1: nothing that we send the provider can be used a second time."""
    key = RSAKey.generate_key(2048)
    settings.BLUELAMP_OIDC_CLIENT_KEY = key.as_pem(private=True).decode()
    for _ in range(2):
        assert come_back(client, go(client, provider)).status_code == 302
    first, second = provider.token_requests
    claims = [jwt.decode(form["client_assertion"], key).claims for form in (first, second)]
    assert "client_secret" not in first
    for assertion in claims:
        assert (assertion["iss"], assertion["sub"]) == (CLIENT_ID, CLIENT_ID)
        assert assertion["aud"] == f"{provider.origin}/token"
        assert 0 < assertion["exp"] - now().timestamp() <= 3600
    assert claims[0]["jti"] != claims[1]["jti"]


def come_back(client: Client, query: dict[str, str], **changes: str) -> Any:
    parameters = {"code": "c", "state": query["state"]} | changes
    return client.get(CALLBACK, parameters)


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page
    return found[1]


def end_sessions() -> None:
    """Let every session be idle for too long."""
    with direct_writes():
        AccountSession.objects.update(last_seen_at=now() - timedelta(minutes=16))


def test_it_works(provider: LyingProvider) -> None:
    client = Client()
    query = go(client, provider, next="/desk/reports/")
    assert query["code_challenge_method"] == "S256"
    assert query["redirect_uri"].endswith(CALLBACK)
    answer = come_back(client, query)
    assert (answer.status_code, answer["Location"]) == (302, "/desk/reports/")
    ivy = User.objects.get(username="ivy.lund")
    assert [role.name for role in ivy.roles.all()] == ["investigator"]
    assert client.get("/desk/crimes/").status_code == 200
    assert provider.token_requests[0]["code_verifier"]
    entry = AuditEntry.objects.filter(act="account.signed_in").latest("at")
    assert (entry.ref, entry.detail["method"]) == ("ivy.lund", "directory")


def test_the_second_time_it_is_the_same_account(provider: LyingProvider) -> None:
    for _ in range(2):
        client = Client()
        come_back(client, go(client, provider))
    assert User.objects.filter(username="ivy.lund").count() == 1
    assert DirectoryAccount.objects.get().subject == "ivy"


def test_a_mover_gets_other_roles_and_a_leaver_no_session(
    provider: LyingProvider, settings: Any
) -> None:
    settings.BLUELAMP_DIRECTORY_ROLES = "Met CID = investigator; Met Crime Desk = crime-desk"
    client = Client()
    come_back(client, go(client, provider))
    provider.claims["groups"] = ["Met Crime Desk", "Car park"]
    client = Client()
    assert come_back(client, go(client, provider)).status_code == 302
    ivy = User.objects.get(username="ivy.lund")
    assert [role.name for role in ivy.roles.all()] == ["crime-desk"]
    provider.claims["groups"] = ["Car park"]
    client = Client()
    assert come_back(client, go(client, provider)).status_code == 403
    assert not ivy.roles.exists()
    assert client.get("/desk/crimes/").status_code == 302


def test_somebody_whom_the_directory_gives_no_role_gets_no_account(
    provider: LyingProvider,
) -> None:
    provider.claims["groups"] = ["Car park"]
    client = Client()
    answer = come_back(client, go(client, provider))
    assert answer.status_code == 403
    assert "does not give you a role" in answer.content.decode()
    assert not User.objects.filter(username="ivy.lund").exists()


@pytest.mark.parametrize("name", ["ada", "ADA"])
def test_a_user_name_is_not_who_somebody_is(provider: LyingProvider, name: str) -> None:
    """A provider's `preferred_username` may be chosen by the person: it opens no account."""
    provider.claims |= {"preferred_username": name, "email": account(cast.ADA).email}
    client = Client()
    assert come_back(client, go(client, provider)).status_code == 403
    assert client.get("/desk/crimes/").status_code == 302


def test_somebody_added_by_scim_is_found_by_the_directorys_id(provider: LyingProvider) -> None:
    actor = directory_actor(force="01", client="test")
    entry = DirectoryEntry(
        username="i.lund", name="Ivy Lund", external_id="7f3c", roles=("investigator",)
    )
    user_id = add_directory_account(actor=actor, at=now(), entry=entry)
    provider.claims = {"oid": "7f3c"}
    client = Client()
    assert come_back(client, go(client, provider)).status_code == 302
    assert DirectoryAccount.objects.get(user_id=user_id).subject == "ivy"


def test_a_deactivated_account_gets_no_session(provider: LyingProvider) -> None:
    from bluelamp.foundation.accounts.commands import deactivate_account

    client = Client()
    come_back(client, go(client, provider))
    actor = directory_actor(force="01", client="test")
    deactivate_account(actor=actor, at=now(), user_ref="ivy.lund")
    client = Client()
    assert come_back(client, go(client, provider)).status_code == 403


LIES: dict[str, dict[str, Any]] = {
    "for another client": {"aud": "another"},
    "by another issuer": {"iss": "https://evil.example"},
    "too old": {"exp": 1_000_000_000, "iat": 999_999_000},
    "another nonce": {"nonce": "n"},
    "no nonce": {"nonce": None},
    "no subject": {"sub": None},
    "no audience": {"aud": None},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_an_id_token_that_lies_opens_nothing(provider: LyingProvider, lie: dict[str, Any]) -> None:
    provider.claims |= lie
    _assert_refused(provider)


@pytest.mark.parametrize("algorithm", ["none", "HS256", "another key"])
def test_an_id_token_that_the_provider_did_not_sign_opens_nothing(
    provider: LyingProvider, algorithm: str
) -> None:
    if algorithm == "another key":
        provider.signing_key = RSAKey.generate_key(2048, {"kid": "first"})
    else:
        # HS256 is the classic mix-up: the public key, which everybody has, used as a secret.
        provider.algorithm = algorithm
    _assert_refused(provider)


def test_metadata_of_another_issuer_is_refused(provider: LyingProvider) -> None:
    provider.metadata["issuer"] = "https://evil.example"
    assert Client().post("/sign-in/force/").status_code == 403


def test_an_answer_of_another_issuer_is_refused(provider: LyingProvider) -> None:
    client = Client()
    query = go(client, provider)
    answer = come_back(client, query, iss="https://evil.example")
    assert answer.status_code == 403


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(
    provider: LyingProvider,
) -> None:
    client = Client()
    query = go(client, provider)
    assert come_back(Client(), query).status_code == 403
    assert come_back(client, query, state="other").status_code == 403
    assert come_back(client, query).status_code == 302
    client.post("/sign-out/")
    assert come_back(client, query).status_code == 403


def test_a_refusal_of_the_provider_is_said_plainly(provider: LyingProvider) -> None:
    client = Client()
    query = go(client, provider)
    answer = client.get(CALLBACK, {"error": "access_denied", "state": query["state"]})
    assert answer.status_code == 403
    assert "did not work. Try again" in answer.content.decode()


def test_a_provider_that_is_away_is_said_plainly(provider: LyingProvider, settings: Any) -> None:
    settings.BLUELAMP_OIDC_ISSUER = "http://127.0.0.1:9"
    answer = Client().post("/sign-in/force/")
    assert answer.status_code == 403
    assert "does not answer" in answer.content.decode()


def test_redirects_of_the_provider_are_not_followed(provider: LyingProvider) -> None:
    """Our secret would go to whatever address they name."""
    client = Client()
    query = go(client, provider)
    provider.redirects_to = "/elsewhere"
    answer = come_back(client, query)
    assert answer.status_code == 403
    assert provider.paths[-1] == "/token"


def test_a_link_from_elsewhere_starts_nothing(provider: LyingProvider) -> None:
    assert Client().get("/sign-in/force/").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/sign-in/force/").status_code == 403


def test_the_second_factor_that_the_force_asks_for_is_checked(
    provider: LyingProvider, settings: Any
) -> None:
    settings.BLUELAMP_OIDC_ACR = "phrh mfa"
    client = Client()
    query = go(client, provider)
    assert query["acr_values"] == "phrh mfa"
    assert come_back(client, query).status_code == 403
    provider.claims["acr"] = "mfa"
    client = Client()
    assert come_back(client, go(client, provider)).status_code == 302


def test_confirming_asks_the_provider_to_ask_again(provider: LyingProvider) -> None:
    client = Client()
    come_back(client, go(client, provider))
    query = go(client, provider)
    assert (query["prompt"], query["max_age"]) == ("login", "0")
    assert come_back(client, query).status_code == 302
    query = go(client, provider)
    provider.claims["auth_time"] = 1_000_000_000
    assert come_back(client, query).status_code == 403


def test_what_was_sent_after_the_session_ended_comes_back_with_the_person(
    provider: LyingProvider,
) -> None:
    client = Client()
    come_back(client, go(client, provider))
    end_sessions()
    page = client.post("/desk/crimes/01-0000001-26/note", {"text": "She said: no."})
    assert page.status_code == 403
    # the form on the page may lead to the provider
    assert provider.origin in page["Content-Security-Policy"]
    text = page.content.decode()
    assert "Sign in with your force account" in text
    carried = hidden(text, "carried")
    query = go(client, provider, carried=carried)
    answer = come_back(client, query, state="wrong").content.decode()
    assert hidden(answer, "carried") == carried, "kept where the provider fails"
    text = come_back(client, go(client, provider, carried=carried)).content.decode()
    assert "We have not saved what you sent" in text
    assert "She said: no." in text
    assert 'action="/desk/crimes/01-0000001-26/note"' in text


def test_what_somebody_else_sent_does_not_come_back(provider: LyingProvider) -> None:
    client = Client()
    come_back(client, go(client, provider))
    end_sessions()
    page = client.post("/desk/crimes/01-0000001-26/note", {"text": "Private"}).content.decode()
    provider.claims |= {"sub": "mo", "preferred_username": "mo.ray"}
    answer = come_back(client, go(client, provider, carried=hidden(page, "carried")))
    assert (answer.status_code, answer["Location"]) == (302, "/desk/")


def test_what_needs_confirmation_is_carried_through_it(provider: LyingProvider) -> None:
    client = Client()
    come_back(client, go(client, provider))
    with direct_writes():
        AccountSession.objects.update(confirmed_at=now() - timedelta(minutes=11))
    page = client.post("/desk/case-files/01ZD1234526/package", {"name": "MG5"})
    query = go(client, provider, carried=hidden(page.content.decode(), "carried"))
    provider.claims["auth_time"] = int(now().timestamp())
    text = come_back(client, query).content.decode()
    assert "Thank you. Carry on" in text
    assert 'value="MG5"' in text


@pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_it_leads_back_to_our_pages_alone(provider: LyingProvider, url: str) -> None:
    client = Client()
    answer = come_back(client, go(client, provider, next=url))
    assert "evil" not in answer["Location"]


def test_without_a_provider_there_is_no_such_page() -> None:
    assert Client().post("/sign-in/force/").status_code == 404
    assert Client().get(CALLBACK).status_code == 404


def _assert_refused(provider: LyingProvider) -> None:
    client = Client()
    answer = come_back(client, go(client, provider))
    assert answer.status_code == 403
    assert "did not work. Try again" in answer.content.decode()
    assert not User.objects.filter(username="ivy.lund").exists()
    assert client.get("/desk/crimes/").status_code == 302
