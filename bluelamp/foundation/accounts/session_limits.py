"""When sessions end, and when somebody must confirm who they are.

A session ends when its row or Django's is gone, when it was not used for BLUELAMP_IDLE_MINUTES, or
12 hours after the person signed in.
"""

from datetime import datetime, timedelta

from django.conf import settings

from bluelamp.foundation.accounts.models import AccountSession

# NIST SP 800-63B, level 2: no session lasts longer, however much it is used.
LONGEST_SESSION = timedelta(hours=12)
CONFIRMATION_PERIOD = timedelta(minutes=10)
"""For how long somebody who proved who they are need not do so again for something sensitive."""


def idle_period() -> timedelta:
    """Return after how long without a request a session ends."""
    return timedelta(minutes=settings.BLUELAMP_IDLE_MINUTES)


def has_ended(session: AccountSession, *, at: datetime) -> bool:
    """Say whether a session was not used for too long, or is too old."""
    longest = LONGEST_SESSION
    if session.method == AccountSession.Method.RECOVERY_CODE:
        # Only there to set up another device.
        longest = CONFIRMATION_PERIOD
    return at - session.last_seen_at > idle_period() or at - session.signed_in_at > longest


def time_left(session: AccountSession, *, at: datetime) -> timedelta:
    """Return after how long a session ends if it is not used."""
    idle_end = session.last_seen_at + idle_period()
    return min(idle_end, session.signed_in_at + LONGEST_SESSION) - at


def is_confirmed(session: AccountSession, *, at: datetime) -> bool:
    """Say whether the person proved who they are lately enough for something sensitive."""
    return at - session.confirmed_at <= CONFIRMATION_PERIOD
