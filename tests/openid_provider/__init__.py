"""Runs a certified OpenID Connect provider (npm's `oidc-provider`) for a test."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent
CLIENT_ID, CLIENT_SECRET = "bluelamp", "only-for-tests-" * 3


@dataclass
class Provider:
    """A running provider, whose accounts a test can change."""

    file: Path
    content: dict[str, Any]

    def set_account(self, login: str, /, **claims: Any) -> None:
        """Add somebody who can sign in, or change what the provider says of them."""
        accounts = self.content["accounts"]
        accounts[login] = {"sub": login} | accounts.get(login, {}) | claims
        self.save()

    def save(self) -> None:
        """Write what the provider reads at each sign-in, at once for whoever reads."""
        fresh = self.file.with_suffix(".new")
        fresh.write_text(json.dumps(self.content), encoding="utf-8")
        fresh.replace(self.file)


@contextmanager
def openid_provider(
    folder: Path,
    *,
    port: int,
    callback: str,
    public_key: dict[str, Any] | None = None,
    one_login: dict[str, str] | None = None,
) -> Iterator[Provider]:
    """Run a provider on a port of this machine. Skips, loudly, where Node or its package is not.

    Args:
        folder: Where its file is.
        port: The port.
        callback: Where it sends people back to.
        public_key: A JWK that the client proves itself with, and not with the secret.
        one_login: To behave as GOV.UK One Login: `signedOut`, where people come back to after they
            signed out, and `notices`, where we are told of it.
    """
    node = shutil.which("node")
    if node is None or not (FOLDER / "node_modules" / "oidc-provider").exists():
        pytest.skip("NO OPENID PROVIDER: run `make install-test`")
    client: dict[str, Any] = {"id": CLIENT_ID, "callback": callback}
    client |= {"keys": [public_key]} if public_key else {"secret": CLIENT_SECRET}
    content = {"port": port, "client": client, "acr": "phrh", "accounts": {}}
    if one_login:
        content["oneLogin"] = one_login
    provider = Provider(folder / "provider.json", content)
    provider.save()
    with subprocess.Popen(
        [node, FOLDER / "provider.mjs", provider.file],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={"PATH": os.environ["PATH"]},
    ) as process:
        try:
            assert process.stdout
            if not process.stdout.readline().startswith("ready: "):
                raise RuntimeError("the OpenID provider did not start")
            yield provider
        finally:
            process.terminate()
