"""What an authenticator app shows (RFC 6238)."""

import time

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

PERIOD = 30  # seconds


def wait_for_new_code(secret: str, last: str = "") -> str:
    """Return a code that is valid for 5 seconds or more, once it is not the last one any more."""
    while True:
        counter, into = divmod(time.time(), PERIOD)
        code = str(format_hotp_value(hotp_value(secret, int(counter))))
        if code != last and into < PERIOD - 5:
            return code
        time.sleep(1)
