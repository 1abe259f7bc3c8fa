"""A certified provider takes our key, and nobody without it."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import Client
from joserfc.jwk import RSAKey

from bench.instance import free_port
from bluelamp.demo import cast
from bluelamp.foundation.accounts.models import User
from tests.cast import account
from tests.openid_provider import CLIENT_ID, openid_provider

pytestmark = pytest.mark.django_db
CALLBACK = "http://testserver/sign-in/force/callback/"


def test_it_works(client: Client, settings: Any, tmp_path: Path) -> None:
    account(cast.ADA)  # so that there are roles and an organisation
    key, port = RSAKey.generate_key(2048, {"kid": "ours", "use": "sig"}), free_port()
    settings.BLUELAMP_ORIGIN = "http://testserver"
    settings.BLUELAMP_OIDC_ISSUER = f"http://127.0.0.1:{port}"
    settings.BLUELAMP_OIDC_CLIENT_ID = CLIENT_ID
    settings.BLUELAMP_DIRECTORY_ROLES = "Met CID = investigator"
    public_key = key.as_dict(private=False)
    with openid_provider(tmp_path, port=port, callback=CALLBACK, public_key=public_key) as provider:
        provider.set_account(
            "ivy", name="Ivy Lund", preferred_username="ivy.lund", groups=["Met CID"]
        )
        for pem, is_let_in in (
            (RSAKey.generate_key(2048).as_pem(private=True).decode(), False),
            (key.as_pem(private=True).decode(), True),
        ):
            settings.BLUELAMP_OIDC_CLIENT_KEY = pem
            _sign_in(client)
            assert User.objects.filter(username="ivy.lund").exists() is is_let_in
    assert client.get("/desk/").status_code == 200


def _sign_in(client: Client) -> None:
    """Follow the browser's way to the provider, sign in there as Ivy, and come back."""
    with httpx.Client(follow_redirects=True) as browser:
        page = browser.get(client.post("/sign-in/force/")["Location"])
        [form] = re.findall(r'action="([^"]+)"', page.text)
        browser.follow_redirects = False
        answer = browser.post(page.url.join(form), data={"login": "ivy"})
        while not answer.headers["location"].startswith(CALLBACK):
            answer = browser.get(page.url.join(answer.headers["location"]))
    client.get(answer.headers["location"])
