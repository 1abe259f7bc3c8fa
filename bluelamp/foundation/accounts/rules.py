"""What passwords are never accepted. Pure."""

from hmac import compare_digest

SHARED_DEMO_PASSWORD = "bluelamp-demo"


def is_shared_demo_password(password: str) -> bool:
    """Say whether this is the password that every account of the demonstration has.

    It is published, so it must open nothing outside a demonstration.
    """
    # As bytes: compare_digest refuses text that is not ASCII.
    return compare_digest(password.encode("utf-8", "replace"), SHARED_DEMO_PASSWORD.encode())
