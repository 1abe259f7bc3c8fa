"""The force's OpenID Connect provider: where it is, and what its ID tokens must say.

Authlib speaks the protocol: authorization code with PKCE (S256), `state` and `nonce`, which are
kept in the browser's session and count once.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.django_client import OAuth
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

from bluelamp.foundation.accounts.commands import DirectoryIdentity
from bluelamp.web.middleware import POLICY

# ID tokens signed by a secret, or not at all, prove nothing about the provider.
_ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}) | {
    "ES256", "ES384", "ES512", "EdDSA",
}  # fmt: skip
_TIMEOUT = 10.0  # seconds
_LEEWAY = 60  # seconds that the provider's clock may differ from ours


class WrongProvider(Exception):
    """The provider's answer is not that of the provider that the settings name."""


def is_configured() -> bool:
    """Say whether people can sign in through a provider."""
    return bool(settings.BLUELAMP_OIDC_ISSUER)


def allow_provider(response: HttpResponse) -> HttpResponse:
    """Let a form of this page lead to the provider, which our security policy otherwise forbids."""
    if is_configured():
        parts = urlsplit(settings.BLUELAMP_OIDC_ISSUER)
        allowed = f"form-action 'self' {parts.scheme}://{parts.netloc}"
        response["Content-Security-Policy"] = POLICY.replace("form-action 'self'", allowed)
    return response


def begin_sign_in(request: HttpRequest, *, callback: str, must_confirm: bool) -> Any:
    """Return the redirect to the provider.

    Args:
        request: The request, in whose session `state`, `nonce` and the PKCE secret are kept.
        callback: The address to come back to.
        must_confirm: The person must prove who they are again, even if the provider knows them.
    """
    client = _load_client()
    parameters: dict[str, Any] = {}
    if settings.BLUELAMP_OIDC_ACR:
        parameters["acr_values"] = settings.BLUELAMP_OIDC_ACR
    if must_confirm:
        # Both: some providers know only one of them.
        parameters |= {"prompt": "login", "max_age": 0}
    return client.authorize_redirect(request, callback, **parameters)


def finish_sign_in(request: HttpRequest) -> Mapping[str, Any]:
    """Return the claims of the ID token that the provider answers with.

    Raises:
        WrongProvider: Another provider answers, or the person did not sign in as they must.
        OAuthError: The provider refuses, or the answer is no answer to this browser's request.
        JoseError: The ID token is not signed, or not for us, or not now.
    """
    client = _load_client()
    issuer = settings.BLUELAMP_OIDC_ISSUER
    # RFC 9207: an answer that names another provider is one that somebody mixed up on purpose.
    if request.GET.get("iss", issuer) != issuer:
        raise WrongProvider("the answer names another provider")
    token = client.authorize_access_token(
        request,
        leeway=_LEEWAY,
        claims_options={
            "iss": {"essential": True, "values": [issuer]},
            "aud": {"essential": True, "values": [settings.BLUELAMP_OIDC_CLIENT_ID]},
        },
    )
    claims: Mapping[str, Any] | None = token.get("userinfo")
    if claims is None:
        raise WrongProvider("the answer has no ID token")
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


def _load_client() -> Any:
    """Return the client, with the provider's own description of itself checked.

    Raises:
        WrongProvider: The description is another provider's.
    """
    issuer = settings.BLUELAMP_OIDC_ISSUER
    client = _make_client(
        issuer,
        settings.BLUELAMP_OIDC_CLIENT_ID,
        settings.BLUELAMP_OIDC_CLIENT_SECRET,
        settings.BLUELAMP_OIDC_CLIENT_KEY,
        settings.BLUELAMP_OIDC_SCOPE,
    )
    metadata = client.load_server_metadata()
    # OpenID Connect Discovery, 4.3: another issuer may have been put in the way.
    if metadata.get("issuer") != issuer:
        raise WrongProvider(f"{issuer} says that it is {metadata.get('issuer')}")
    offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    # "none" and the shared-secret ones among them would let anybody sign a token.
    metadata["id_token_signing_alg_values_supported"] = sorted(_ALGORITHMS.intersection(offered))
    return client


@lru_cache(maxsize=4)
def _make_client(issuer: str, client_id: str, secret: str, key: str, scope: str) -> Any:
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in {"127.0.0.1", "localhost", "::1"}:
        raise ImproperlyConfigured("BLUELAMP_OIDC_ISSUER must begin with https://")
    # With a key each request to the provider carries a proof that counts for minutes; a secret is
    # the same each time. The provider must know us by one of the two.
    proof = {"token_endpoint_auth_method": PrivateKeyJWT.name} if key else {}
    return OAuth().register(
        "force",
        client_id=client_id,
        client_secret=key or secret,
        client_auth_methods=[PrivateKeyJWT()],
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": scope,
            "code_challenge_method": "S256",
            "default_timeout": _TIMEOUT,
            # Our secret goes to the provider's addresses and to no other.
            "max_redirects": 0,
            **proof,
        },
    )
