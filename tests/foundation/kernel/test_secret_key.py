"""Replacing the secret key: what the old one encrypted or signed is still good, and encrypted anew.

The settings themselves are read in a program of its own.
"""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from cryptography.fernet import InvalidToken
from django.core import signing
from pytest_django import Settings

from bluelamp.demo import cast
from bluelamp.foundation.accounts.commands.reencrypting import reencrypt_totp_secrets
from bluelamp.foundation.accounts.totp import activate_totp, use_up_totp_code
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.secret_key import derive_fernet, derive_key
from bluelamp.foundation.notifications.encryption import (
    CannotDecrypt,
    decrypt_secrets,
    encrypt_secrets,
)
from tests.cast import INSTALLER, START, account
from tests.direct_writes import direct_writes

OLD, NEW, STOLEN = "the old secret key", "the new secret key", "a third key"
SEED = "JBSWY3DPEHPK3PXP"


def code_at(counter: int) -> str:
    return str(format_hotp_value(hotp_value(SEED, counter)))


@pytest.mark.django_db
def test_it_works(settings: Settings) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD, []
    ada = account(cast.ADA)
    with direct_writes():
        activate_totp(ada, SEED, at=START)
    token = signing.dumps("a cookie")
    message = encrypt_secrets({"code": "123456"}, template="one-time-code")

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert signing.loads(token) == "a cookie"
    assert decrypt_secrets(message, template="one-time-code")["code"] == "123456"
    assert reencrypt_totp_secrets(actor=INSTALLER, at=START) == 1

    settings.SECRET_KEY_FALLBACKS = []
    with pytest.raises(signing.BadSignature):
        signing.loads(token)
    with pytest.raises(CannotDecrypt):
        decrypt_secrets(message, template="one-time-code")
    later = START + timedelta(minutes=5)
    with direct_writes():
        assert use_up_totp_code(ada, code_at(int(later.timestamp()) // 30), at=later)


@pytest.mark.django_db
def test_a_seed_that_no_key_reads_is_counted_and_left(settings: Settings) -> None:
    settings.SECRET_KEY = STOLEN
    with direct_writes():
        activate_totp(account(cast.ADA), SEED, at=START)
    before = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [OLD]
    assert reencrypt_totp_secrets(actor=INSTALLER, at=START) == 0
    assert Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"] == before
    entry = AuditEntry.objects.get(act="account.seeds_encrypted")
    assert entry.detail == {"encrypted": 0, "unreadable": 1}


def test_each_purpose_has_a_key_of_its_own(settings: Settings) -> None:
    assert derive_key(OLD, info=b"one") != derive_key(OLD, info=b"two")
    assert derive_key(OLD, info=b"one") != derive_key(NEW, info=b"one")
    encrypted = derive_fernet(info=b"one").encrypt(b"text")
    with pytest.raises(InvalidToken):
        derive_fernet(info=b"two").decrypt(encrypted)


def test_the_old_key_comes_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("old key\n")
    code = "from bluelamp import settings as s; print(s.SECRET_KEY, s.SECRET_KEY_FALLBACKS)"
    env = os.environ | {
        "BLUELAMP_SECRET_KEY": "new",
        "BLUELAMP_SECRET_KEY_OLD_FILE": str(tmp_path / "old"),
        "BLUELAMP_DEMO": "0",
    }
    run = [sys.executable, "-c", code]
    output = subprocess.run(run, env=env, capture_output=True, text=True, check=True).stdout
    assert output == "new ['old key']\n"
