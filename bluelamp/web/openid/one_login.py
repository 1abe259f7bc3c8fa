"""GOV.UK One Login, with which applicants sign in where the force has registered with it.

Authority: its technical documentation (https://docs.sign-in.service.gov.uk), "Authenticate your
user" and "Managing your users' sessions", as reviewed on 10 November 2025 and 27 August 2026.

We ask who somebody is to One Login (`sub`) and nothing else: no e-mail address, no name, no proof
of identity. The police check identity themselves.
"""

import functools
import json
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language

from bluelamp.web.openid import client
from bluelamp.web.openid.client import (
    Provider,
    SignedIn,
    WrongProvider,
    allow_forms_to,
    load_client,
    origin_of,
)

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
_DOMAIN = "account.gov.uk"
_LEVELS = ("Cl.Cm", "Cl")
"""Levels of authentication, the stronger first. A level of confidence in who they are (P2) would
need the identity that One Login gives with it, which we do not read."""


def is_configured() -> bool:
    """Say whether applicants can sign in with GOV.UK One Login."""
    return bool(settings.BLUELAMP_ONE_LOGIN_ISSUER)


def allow_one_login(view: View[P]) -> View[P]:
    """Let the forms of a page lead to One Login, which our security policy otherwise forbids."""

    @functools.wraps(view)
    def view_and_allow(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if is_configured():
            allow_forms_to(response, *_list_origins())
        return response

    return view_and_allow


def begin_sign_in(request: HttpRequest, *, callback: str) -> Any:
    """Return the redirect to One Login."""
    # "Replace the placeholder values": an array of JSON, and the language of our page.
    language = "cy" if (get_language() or "").startswith("cy") else "en"
    return client.begin_sign_in(
        one_login_provider(),
        request,
        callback=callback,
        vtr=json.dumps([settings.BLUELAMP_ONE_LOGIN_VTR]),
        ui_locales=language,
    )


def finish_sign_in(request: HttpRequest) -> SignedIn:
    """Return who came back from One Login.

    Raises:
        WrongProvider: Another provider answers, or they did not sign in as strongly as they must.
        OAuthError: One Login refuses, or the answer is no answer to this browser's request.
        JoseError: The ID token is not signed, or not for us, or not now.
    """
    answer = client.finish_sign_in(one_login_provider(), request)
    wanted = set(settings.BLUELAMP_ONE_LOGIN_VTR.split("."))
    # RFC 8485, 3.1: the order of the parts means nothing.
    if not wanted <= set(str(answer.claims.get("vot", "")).split(".")):
        raise WrongProvider("the person did not sign in as strongly as they must")
    return answer


def sign_out_address(*, id_token: str, back: str) -> str:
    """Return the address at which somebody signs out of One Login and comes back."""
    address = load_client(one_login_provider()).create_logout_url(
        post_logout_redirect_uri=back, id_token_hint=id_token
    )
    return str(address["url"])


def one_login_provider() -> Provider:
    """Return One Login as the settings describe it.

    Raises:
        ValueError: They ask for a level that we cannot check.
    """
    if settings.BLUELAMP_ONE_LOGIN_VTR not in _LEVELS:
        raise ValueError(f"BLUELAMP_ONE_LOGIN_VTR must be {' or '.join(_LEVELS)}")
    return Provider(
        name="one-login",
        setting="BLUELAMP_ONE_LOGIN_ISSUER",
        issuer=settings.BLUELAMP_ONE_LOGIN_ISSUER,
        client_id=settings.BLUELAMP_ONE_LOGIN_CLIENT_ID,
        key=settings.BLUELAMP_ONE_LOGIN_KEY,
    )


def _list_origins() -> list[str]:
    """Return where the forms may lead: browsers check each redirect on the way too."""
    issuer = settings.BLUELAMP_ONE_LOGIN_ISSUER
    host = urlsplit(issuer).hostname or ""
    # It answers at oidc.account.gov.uk and shows its pages at signin.account.gov.uk.
    others = [f"https://*.{_DOMAIN}"] if host.endswith(f".{_DOMAIN}") else []
    return [origin_of(issuer), *others]
