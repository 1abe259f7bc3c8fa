"""An OpenID Connect client, for whichever provider the settings name.

Authlib speaks the protocol: authorization code with PKCE (S256), `state` and `nonce`, which are
kept in the browser's session and count once. The force's own provider and GOV.UK One Login are two
`Provider`s of this one client.
"""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from authlib.integrations.django_client import OAuth
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from requests import RequestException

from bluelamp.environment import is_loopback_host
from bluelamp.web.middleware import POLICY

LEEWAY = 60
"""Seconds that the provider's clock may differ from ours."""
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
# ID tokens signed by a secret, or not at all, prove nothing about the provider.
_ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"}) | {
    "ES256", "ES384", "ES512", "EdDSA",
}  # fmt: skip
_TIMEOUT = 10.0  # seconds
# Seconds after which a provider is asked for its keys again: one that it withdrew counts no longer.
_METADATA_AGE = 3600
# Seconds between two looks for a key that we do not know. Anybody can send a token with such a key.
_LEAST_BETWEEN_LOOKS = 60


class WrongProvider(Exception):
    """The provider's answer is not that of the provider that the settings name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Provider:
    """An OpenID Connect provider, and how it knows us.

    Attributes:
        name: What we call it. `state` is kept under it, so that an answer which belongs to one
            provider is no answer of the other.
        setting: The setting with its address, for messages to operators.
        key: A private key (PEM), with which each request carries a proof that counts for minutes.
        secret: A secret, where there is no key.
    """

    name: str
    setting: str
    issuer: str
    client_id: str
    key: str = ""
    secret: str = ""
    scope: str = "openid"


class SignedIn(NamedTuple):
    """What a provider says of somebody: the claims of the ID token, and the token itself."""

    claims: Mapping[str, Any]
    id_token: str


def allow_forms_to(response: HttpResponse, *sources: str) -> HttpResponse:
    """Let forms of this page lead elsewhere too, which our security policy otherwise forbids.

    Args:
        sources: Origins, as a content security policy names them.
    """
    allowed = " ".join(("form-action 'self'", *sources))
    response["Content-Security-Policy"] = POLICY.replace("form-action 'self'", allowed)
    return response


def origin_of(address: str) -> str:
    """Return the origin of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def begin_sign_in(
    provider: Provider, request: HttpRequest, *, callback: str, **parameters: Any
) -> Any:
    """Return the redirect to the provider.

    Args:
        request: The request, in whose session `state`, `nonce` and the PKCE secret are kept.
        callback: The address to come back to.
        parameters: What else the provider is asked for.
    """
    return load_client(provider).authorize_redirect(request, callback, **parameters)


def finish_sign_in(provider: Provider, request: HttpRequest) -> SignedIn:
    """Return what the provider says of whoever came back.

    Raises:
        WrongProvider: Another provider answers.
        OAuthError: The provider refuses, or the answer is no answer to this browser's request.
        JoseError: The ID token is not signed, or not for us, or not now.
    """
    # RFC 9207: an answer that names another provider is one that somebody mixed up on purpose.
    if request.GET.get("iss", provider.issuer) != provider.issuer:
        raise WrongProvider("the answer names another provider")
    token = load_client(provider).authorize_access_token(
        request,
        leeway=LEEWAY,
        claims_options={
            "iss": {"essential": True, "values": [provider.issuer]},
            "aud": {"essential": True, "values": [provider.client_id]},
        },
    )
    claims: Mapping[str, Any] | None = token.get("userinfo")
    if claims is None:
        raise WrongProvider("the answer has no ID token")
    return SignedIn(claims, str(token["id_token"]))


def read_logout_token(provider: Provider, token: str) -> tuple[str, float]:
    """Return who signed out at the provider, and when (seconds since 1970).

    OpenID Connect Back-Channel Logout 1.0, 2.6.

    Raises:
        JoseError: The token is not signed by the provider, or not for us, or not now.
        WrongProvider: It is another kind of token.
    """
    claims = _decode_token(load_client(provider), token).claims
    registry = jwt.JWTClaimsRegistry(
        leeway=LEEWAY,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        sub={"essential": True},
        iat={"essential": True},
        exp={"essential": True},
        jti={"essential": True},
    )
    registry.validate(claims)
    # With a nonce it would be an ID token, which the browser has: anybody could sign others out.
    if "nonce" in claims or not isinstance(claims.get("events"), dict):
        raise WrongProvider("this is no logout token")
    if LOGOUT_EVENT not in claims["events"]:
        raise WrongProvider("this is another event")
    return str(claims["sub"]), float(claims["iat"])


def _decode_token(client: Any, token: str) -> jwt.Token:
    allowed = client.server_metadata["id_token_signing_alg_values_supported"]
    registry = JWSRegistry(algorithms=allowed, strict_check_header=False)
    try:
        return jwt.decode(token, KeySet.import_key_set(client.fetch_jwk_set()), registry=registry)
    except InvalidKeyIdError:
        if time.time() - client.server_metadata.get("_looked_at", 0) < _LEAST_BETWEEN_LOOKS:
            raise
        client.server_metadata["_looked_at"] = time.time()
        keys = KeySet.import_key_set(client.fetch_jwk_set(force=True))
        return jwt.decode(token, keys, registry=registry)
    except ValueError as fault:
        raise JoseError(type(fault).__name__) from fault


_clients: dict[Provider, Any] = {}
_lock = threading.Lock()


def load_client(provider: Provider) -> Any:
    """Return the client, with the provider's own description of itself checked.

    Raises:
        WrongProvider: The description is another provider's.
        RequestException: The provider does not answer, and never did.
    """
    with _lock:
        client = _clients.get(provider)
    if client is None or time.time() - client.server_metadata["_loaded_at"] > _METADATA_AGE:
        try:
            client = _make_client(provider)
        except RequestException:
            # While it does not answer, what it said last counts.
            if client is None:
                raise
        with _lock:
            _clients[provider] = client
    return client


def _make_client(provider: Provider) -> Any:
    issuer = provider.issuer
    parts = urlsplit(issuer)
    if parts.scheme != "https" and not is_loopback_host(parts.hostname or ""):
        raise ImproperlyConfigured(f"{provider.setting} must begin with https://")
    # With a key each request to the provider carries a proof that counts for minutes; a secret is
    # the same each time. The provider must know us by one of the two.
    proof = {"token_endpoint_auth_method": PrivateKeyJWT.name} if provider.key else {}
    client = OAuth().register(
        provider.name,
        client_id=provider.client_id,
        client_secret=provider.key or provider.secret,
        client_auth_methods=[PrivateKeyJWT()],
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": provider.scope,
            "code_challenge_method": "S256",
            "default_timeout": _TIMEOUT,
            # Our secret goes to the provider's addresses and to no other.
            "max_redirects": 0,
            **proof,
        },
    )
    metadata = client.load_server_metadata()
    # OpenID Connect Discovery, 4.3: another issuer may have been put in the way.
    if metadata.get("issuer") != issuer:
        raise WrongProvider(f"{issuer} says that it is {metadata.get('issuer')}")
    offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    # "none" and the shared-secret ones among them would let anybody sign a token.
    metadata["id_token_signing_alg_values_supported"] = sorted(_ALGORITHMS.intersection(offered))
    return client
