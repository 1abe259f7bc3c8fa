"""A session that ends while an officer records loses nothing: the phone sends it after sign-in."""

import json
from datetime import timedelta

from bluelamp.casework.crimes.models import Crime
from bluelamp.demo import cast
from bluelamp.foundation.accounts.models import AccountSession
from bluelamp.foundation.kernel.clock import now
from tests.cast import account, sign_in
from tests.direct_writes import direct_writes
from tests.web.officer.device import Device


def age_sessions(minutes: int) -> None:
    with direct_writes():
        AccountSession.objects.update(last_seen_at=now() - timedelta(minutes=minutes))


def test_it_works(device: Device) -> None:
    crime = device.crime()
    raw = json.dumps(crime).encode()
    age_sessions(16)
    assert device.put_bytes(crime["id"], raw).status_code == 401
    assert not Crime.objects.exists()
    sign_in(device.client, account(cast.ADA))
    device.ask_who_is_signed_in()
    assert device.put_bytes(crime["id"], raw).status_code == 201
    assert Crime.objects.get().id.hex == crime["id"].replace("-", "")


def test_sending_counts_as_use_and_asking_does_not(device: Device) -> None:
    crime = device.crime()
    age_sessions(14)
    device.client.get("/api/officer/v1/me", headers={"sec-fetch-mode": "cors"})
    assert now() - AccountSession.objects.get().last_seen_at > timedelta(minutes=13)
    device.put_bytes(crime["id"], json.dumps(crime).encode())
    assert now() - AccountSession.objects.get().last_seen_at < timedelta(minutes=1)
