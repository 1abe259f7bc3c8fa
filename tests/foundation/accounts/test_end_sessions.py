"""Ending sessions: one's own, and, by whoever manages accounts, somebody else's."""

from datetime import datetime

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from bluelamp.demo import cast
from bluelamp.foundation.accounts.commands import end_own_sessions, end_session, end_sessions_of
from bluelamp.foundation.accounts.models import AccountSession, User
from bluelamp.foundation.audit.models import AuditEntry
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.kernel.errors import NotFound, NotPermitted
from tests.cast import INSTALLER, account, browser, sign_in


@pytest.fixture
def browsers(user: User) -> list[Client]:
    """Two browsers of Bilal's, and one of Joy's."""
    return [browser(cast.BILAL), browser(cast.BILAL), browser(cast.JOY)]


def statuses(browsers: list[Client]) -> list[int]:
    return [browser.get("/account/").status_code for browser in browsers]


def test_it_works(browsers: list[Client], user: User, own: Actor, at: datetime) -> None:
    first = AccountSession.objects.filter(user=user).order_by("id")[0]
    end_session(actor=own, at=at, session_id=first.id)
    assert statuses(browsers) == [302, 200, 200]
    assert end_own_sessions(actor=own, at=at) == 1
    assert statuses(browsers) == [302, 302, 200]
    assert Session.objects.count() == 1


def test_nobody_ends_somebody_elses(browsers: list[Client], own: Actor, at: datetime) -> None:
    joys = AccountSession.objects.get(user=account(cast.JOY))
    with pytest.raises(NotFound):
        end_session(actor=own, at=at, session_id=joys.id)
    with pytest.raises(NotPermitted):
        end_sessions_of(actor=own, at=at, user_ref="joy")


def test_an_administrator_does(browsers: list[Client], at: datetime) -> None:
    assert end_sessions_of(actor=INSTALLER, at=at, user_ref="bilal") == 2
    assert statuses(browsers) == [302, 302, 200]
    entry = AuditEntry.objects.filter(act="account.sessions_ended").get()
    assert (entry.ref, entry.detail) == ("bilal", {"sessions": 2})
    # They can sign in again: it is no deactivation.
    sign_in(browsers[0], account(cast.BILAL))
    assert statuses(browsers) == [200, 302, 200]
