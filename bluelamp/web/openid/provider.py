"""The force's OpenID Connect provider: where it is, and what its ID tokens must say."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from bluelamp.foundation.accounts.commands import DirectoryIdentity
from bluelamp.web.openid import client
from bluelamp.web.openid.client import Provider, WrongProvider, allow_forms_to, origin_of


def is_configured() -> bool:
    """Say whether people can sign in through a provider."""
    return bool(settings.BLUELAMP_OIDC_ISSUER)


def allow_provider(response: HttpResponse) -> HttpResponse:
    """Let a form of this page lead to the provider, which our security policy otherwise forbids."""
    if is_configured():
        allow_forms_to(response, origin_of(settings.BLUELAMP_OIDC_ISSUER))
    return response


def begin_sign_in(request: HttpRequest, *, callback: str, must_confirm: bool) -> Any:
    """Return the redirect to the provider.

    Args:
        request: The request, in whose session `state`, `nonce` and the PKCE secret are kept.
        callback: The address to come back to.
        must_confirm: The person must prove who they are again, even if the provider knows them.
    """
    parameters: dict[str, Any] = {}
    if settings.BLUELAMP_OIDC_ACR:
        parameters["acr_values"] = settings.BLUELAMP_OIDC_ACR
    if must_confirm:
        # Both: some providers know only one of them.
        parameters |= {"prompt": "login", "max_age": 0}
    return client.begin_sign_in(_force_provider(), request, callback=callback, **parameters)


def finish_sign_in(request: HttpRequest) -> Mapping[str, Any]:
    """Return the claims of the ID token that the provider answers with.

    Raises:
        WrongProvider: Another provider answers, or the person did not sign in as they must.
        OAuthError: The provider refuses, or the answer is no answer to this browser's request.
        JoseError: The ID token is not signed, or not for us, or not now.
    """
    claims = client.finish_sign_in(_force_provider(), request).claims
    accepted = settings.BLUELAMP_OIDC_ACR.split()
    if accepted and claims.get("acr") not in accepted:
        raise WrongProvider("the person did not sign in as strongly as they must")
    return claims


def read_identity(claims: Mapping[str, Any]) -> DirectoryIdentity:
    """Return who the claims of an ID token say somebody is."""
    groups = claims.get(settings.BLUELAMP_OIDC_GROUPS_CLAIM)
    return DirectoryIdentity(
        issuer=str(claims["iss"]),
        subject_id=str(claims["sub"]),
        directory_id=str(claims.get("oid", "")),
        user_ref=str(claims.get("preferred_username", "")),
        name=str(claims.get("name", "")),
        email=str(claims.get("email", "")),
        groups=tuple(str(group) for group in groups) if isinstance(groups, list) else None,
    )


def _force_provider() -> Provider:
    return Provider(
        name="force",
        setting="BLUELAMP_OIDC_ISSUER",
        issuer=settings.BLUELAMP_OIDC_ISSUER,
        client_id=settings.BLUELAMP_OIDC_CLIENT_ID,
        key=settings.BLUELAMP_OIDC_CLIENT_KEY,
        secret=settings.BLUELAMP_OIDC_CLIENT_SECRET,
        scope=settings.BLUELAMP_OIDC_SCOPE,
    )
