"""What must not open anybody's applications: forged, replayed, mixed up, or somebody else's."""

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import RSAKey

from bluelamp.foundation.forms.commands import sync_built_in_sets
from bluelamp.foundation.kernel.clock import now
from bluelamp.foundation.notifications import code_rows
from bluelamp.services.firearms.commands.sessions import send_code_job
from bluelamp.services.firearms.models import Application, OneLoginLink, OneLoginSession
from bluelamp.web.openid.client import LOGOUT_EVENT
from tests.cast import INSTALLER, START
from tests.confirmed_addresses import confirm_everybody
from tests.direct_writes import direct_writes
from tests.services.firearms.licensing import receive
from tests.web.openid.lying_provider import (
    CLIENT_ID,
    LyingProvider,
    running_provider,
    shared_key,
)

pytestmark = pytest.mark.django_db
CALLBACK = "/firearms/one-login/callback/"
NOTICE = "/firearms/one-login/signed-out/"
GRACE, MALLORY = "urn:fdc:gov.uk:2022:grace", "urn:fdc:gov.uk:2022:mallory"


@pytest.fixture
def provider(settings: Any) -> Iterator[LyingProvider]:
    key = shared_key("ours")
    with running_provider() as running:
        settings.BLUELAMP_ONE_LOGIN_ISSUER = running.origin
        settings.BLUELAMP_ONE_LOGIN_CLIENT_ID = CLIENT_ID
        settings.BLUELAMP_ONE_LOGIN_KEY = key.as_pem(private=True).decode()
        running.claims = {"sub": GRACE, "vot": "Cl.Cm"}
        running.metadata["end_session_endpoint"] = f"{running.origin}/logout"
        yield running


@pytest.fixture
def number(reference: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """The reference of Grace's application."""
    monkeypatch.setattr(code_rows, "make_digits", lambda: "000000")
    sync_built_in_sets(actor=INSTALLER, at=START)
    return receive(at=now())


def go(client: Client, provider: LyingProvider) -> dict[str, str]:
    """Press the button; return what the browser takes to One Login."""
    address = client.post("/firearms/one-login/")["Location"]
    assert address.startswith(f"{provider.origin}/auth?")
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    provider.nonce = query["nonce"]
    return query


def come_back(client: Client, query: dict[str, str], **changes: str) -> str:
    """Come back from One Login; return where that leads."""
    answer = client.get(CALLBACK, {"code": "c", "state": query["state"]} | changes)
    assert answer.status_code == 302
    return str(answer["location"])


def sign_in(provider: LyingProvider, subject: str = GRACE) -> Client:
    """Return a browser in which somebody is signed in."""
    client = Client()
    provider.claims["sub"] = subject
    assert come_back(client, go(client, provider)) == "/firearms/account/"
    return client


def add_application(client: Client, number: str, code: str = "000000") -> str:
    """Add an application with a code; return where that leads."""
    confirm_everybody()
    client.post("/firearms/account/add/", {"reference": number})
    send_code_job(reference=number, force="01")
    return str(client.post("/firearms/account/add/code/", {"code": code})["location"])


def shows(client: Client, number: str) -> bool:
    """Say whether somebody sees an application among theirs."""
    return number in client.get("/firearms/account/").content.decode()


def assert_nobody_is_in(client: Client, location: str) -> None:
    assert location == "/firearms/my/?error=1"
    assert "not signed in" in client.get(location).content.decode()
    assert not OneLoginSession.objects.exists()
    assert client.get("/firearms/account/")["location"] == "/firearms/my/?over=1"


def test_it_works(provider: LyingProvider, number: str) -> None:
    client = Client()
    query = go(client, provider)
    assert (query["vtr"], query["ui_locales"], query["scope"]) == ('["Cl.Cm"]', "en", "openid")
    assert query["code_challenge_method"] == "S256"
    assert come_back(client, query) == "/firearms/account/"
    assert provider.token_requests[0]["client_assertion"]
    assert "client_secret" not in provider.token_requests[0]
    assert add_application(client, number) == "/firearms/account/?added=1"
    assert shows(client, number)


LIES: dict[str, dict[str, Any]] = {
    "for another client": {"aud": "another"},
    "by another issuer": {"iss": "https://evil.example"},
    "too old": {"exp": 1_000_000_000, "iat": 999_999_000},
    "another nonce": {"nonce": "n"},
    "no nonce": {"nonce": None},
    "no subject": {"sub": None},
    "no second factor": {"vot": "Cl"},
    "no level": {"vot": None},
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_an_id_token_that_lies_opens_nothing(provider: LyingProvider, lie: dict[str, Any]) -> None:
    provider.claims |= lie
    client = Client()
    assert_nobody_is_in(client, come_back(client, go(client, provider)))


@pytest.mark.parametrize("kid", ["first", "not in the JWKS"])
def test_a_key_that_one_login_does_not_publish_opens_nothing(
    provider: LyingProvider, kid: str
) -> None:
    provider.signing_key = RSAKey.generate_key(2048, {"kid": kid})
    provider.kid = kid
    client = Client()
    assert_nobody_is_in(client, come_back(client, go(client, provider)))


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_a_token_that_anybody_could_sign_opens_nothing(
    provider: LyingProvider, algorithm: str
) -> None:
    provider.algorithm = algorithm
    client = Client()
    assert_nobody_is_in(client, come_back(client, go(client, provider)))


def test_nobody_is_signed_in_as_somebody_else_by_a_link(provider: LyingProvider) -> None:
    """Login CSRF: the answer to a stranger's sign-in, as a link to click on."""
    query = go(Client(), provider)
    victim = Client()
    assert_nobody_is_in(victim, come_back(victim, query))
    assert Client().get("/firearms/one-login/").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/firearms/one-login/").status_code == 403


def test_an_answer_counts_once(provider: LyingProvider) -> None:
    client = Client()
    query = go(client, provider)
    assert come_back(client, query) == "/firearms/account/"
    count = len(provider.token_requests)
    assert come_back(client, query) == "/firearms/my/?error=1"
    assert len(provider.token_requests) == count, "the code is not even asked about again"


def test_an_answer_of_another_provider_is_refused(provider: LyingProvider, settings: Any) -> None:
    """Mix-up: by the issuer it names, and by the flow that it belongs to."""
    client = Client()
    query = go(client, provider)
    assert_nobody_is_in(client, come_back(client, query, iss="https://evil.example"))
    settings.BLUELAMP_OIDC_ISSUER = provider.origin
    settings.BLUELAMP_OIDC_CLIENT_ID = CLIENT_ID
    settings.BLUELAMP_OIDC_CLIENT_SECRET = "s" * 32
    staff = parse_qs(urlsplit(client.post("/sign-in/force/")["Location"]).query)
    provider.nonce = staff["nonce"][0]
    assert_nobody_is_in(client, come_back(client, {"state": staff["state"][0]}))


def test_a_refusal_is_said_plainly(provider: LyingProvider) -> None:
    client = Client()
    query = go(client, provider)
    answer = client.get(CALLBACK, {"error": "access_denied", "state": query["state"]})
    assert_nobody_is_in(client, answer["location"])


def test_somebody_else_sees_nothing_of_it(provider: LyingProvider, number: str) -> None:
    grace, mallory = sign_in(provider), sign_in(provider, MALLORY)
    add_application(grace, number)
    assert not shows(mallory, number)
    application = Application.objects.get()
    answer = mallory.post(f"/firearms/account/{application.id}/")
    assert answer["location"] == "/firearms/my/?over=1"
    assert mallory.get("/firearms/my/application/")["location"] == "/firearms/my/?over=1"


def test_a_reference_alone_adds_nothing(provider: LyingProvider, number: str) -> None:
    mallory = sign_in(provider, MALLORY)
    assert add_application(mallory, number, "111111") == "/firearms/account/add/code/?error=1"
    assert not OneLoginLink.objects.exists()
    assert not shows(mallory, number)
    for _ in range(5):
        mallory.post("/firearms/account/add/code/", {"code": "222222"})
    mallory.post("/firearms/account/add/code/", {"code": "000000"})
    assert not OneLoginLink.objects.exists(), "five tries are all there are"


def test_a_new_one_login_ends_the_link_of_the_old_one(provider: LyingProvider, number: str) -> None:
    old, new = sign_in(provider), sign_in(provider, "urn:fdc:gov.uk:2022:grace-again")
    add_application(old, number)
    application = Application.objects.get()
    old.post(f"/firearms/account/{application.id}/")
    assert old.get("/firearms/my/application/").status_code == 200
    add_application(new, number)
    assert shows(new, number)
    assert not shows(old, number)
    # also in the session that is open
    assert old.get("/firearms/my/application/")["location"] == "/firearms/my/?over=1"


def test_a_session_ends_after_two_hours(provider: LyingProvider) -> None:
    client = sign_in(provider)
    with direct_writes():
        OneLoginSession.objects.update(opened_at=now() - timedelta(hours=2, seconds=1))
    assert client.get("/firearms/account/")["location"] == "/firearms/my/?over=1"


def test_signing_out_ends_it_for_whoever_copied_the_cookie(provider: LyingProvider) -> None:
    client = sign_in(provider)
    cookie = client.cookies["bluelamp_firearms_my"].value
    address = client.post("/firearms/my/finish/")["location"]
    query = parse_qs(urlsplit(address).query)
    assert address.startswith(f"{provider.origin}/logout?")
    assert query["post_logout_redirect_uri"][0].endswith("/firearms/")
    assert query["id_token_hint"]
    client.cookies["bluelamp_firearms_my"] = cookie
    assert client.get("/firearms/account/")["location"] == "/firearms/my/?over=1"


def make_notice(provider: LyingProvider, key: RSAKey | None = None, **changes: Any) -> str:
    """Return a logout token, as One Login's documentation shows one."""
    at = int(time.time())
    claims = {
        "iss": provider.origin,
        "sub": GRACE,
        "aud": CLIENT_ID,
        "iat": at,
        "exp": at + 120,
        "jti": "30642c87-6167-413f-8ace-f1643c59e398",
        "events": {LOGOUT_EVENT: {}},
    } | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": "RS256", "kid": "first"}, claims, key or provider.key)


def test_a_notice_ends_the_sessions_of_one_person(provider: LyingProvider) -> None:
    grace, mallory = sign_in(provider), sign_in(provider, MALLORY)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(NOTICE, {"logout_token": make_notice(provider)}).status_code == 200
    assert grace.get("/firearms/account/")["location"] == "/firearms/my/?over=1"
    assert mallory.get("/firearms/account/").status_code == 200


FORGED: dict[str, dict[str, Any]] = {
    "for another client": {"aud": "another"},
    "by another issuer": {"iss": "https://evil.example"},
    "over": {"exp": 1_000_000_000},
    "of tomorrow": {"iat": 4_000_000_000, "exp": 4_000_000_100},
    "an ID token": {"nonce": "n"},
    "no event": {"events": None},
    "another event": {"events": {"https://example.org/other": {}}},
    "of nobody": {"sub": None},
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_a_forged_notice_signs_nobody_out(provider: LyingProvider, forged: dict[str, Any]) -> None:
    grace = sign_in(provider)
    token = make_notice(provider, **forged)
    assert Client().post(NOTICE, {"logout_token": token}).status_code == 400
    assert grace.get("/firearms/account/").status_code == 200


@pytest.mark.parametrize("token", ["", "a.b.c", "x" * 9000])
def test_a_notice_that_is_none_is_refused(provider: LyingProvider, token: str) -> None:
    assert Client().post(NOTICE, {"logout_token": token}).status_code == 400


def test_a_notice_of_a_key_that_is_not_published_makes_us_look_once(
    provider: LyingProvider,
) -> None:
    sign_in(provider)
    strange = RSAKey.generate_key(2048)
    tokens = [
        jwt.encode({"alg": "RS256", "kid": f"k{number}"}, {"sub": GRACE}, strange)
        for number in range(5)
    ]
    provider.paths.clear()
    for token in tokens:
        assert Client().post(NOTICE, {"logout_token": token}).status_code == 400
    assert provider.paths.count("/jwks") <= 1, "anybody could make us ask One Login all day"


def test_without_one_login_there_is_no_such_page() -> None:
    assert "One Login" not in Client().get("/firearms/my/").content.decode()
    assert Client().post("/firearms/one-login/").status_code == 404
    assert Client().get(CALLBACK).status_code == 404
    assert Client().post(NOTICE).status_code == 404
    assert Client().get("/firearms/account/").status_code == 404


def test_somebody_who_reads_welsh_comes_back_to_welsh(provider: LyingProvider) -> None:
    client = Client()
    address = client.post("/cy/firearms/one-login/")["Location"]
    query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert query["ui_locales"] == "cy"
    assert urlsplit(query["redirect_uri"]).path == CALLBACK, "One Login knows only this one"
    provider.nonce = query["nonce"]
    assert come_back(client, query) == "/cy/firearms/account/"
    assert client.get("/cy/firearms/account/").status_code == 200
