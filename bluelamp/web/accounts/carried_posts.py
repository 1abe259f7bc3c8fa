"""What somebody sent when they had to sign in again first: kept in the page, never lost.

The form's fields go through the sign-in page in one hidden field, encrypted, and are shown to the
same person afterwards, who sends them with a button. Nothing is sent again by itself. Nothing is
stored on the server, but for the minutes that somebody spends at the force's provider: then it is
in their session, still encrypted.
"""

import json
from dataclasses import dataclass

from cryptography.fernet import InvalidToken, MultiFernet
from django.http import HttpRequest

from bluelamp.foundation.kernel.secret_key import derive_fernet

FIELD = "carried"
LIFETIME = 12 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class CarriedPost:
    """A form that was sent.

    Attributes:
        path: Where it was sent to.
        pairs: The names and values of its fields.
        user_id: Who sent it; "" where that is not known any more.
        has_files: Whether there were files in it, which are not kept.
    """

    path: str
    pairs: tuple[tuple[str, str], ...]
    user_id: str
    has_files: bool

    @property
    def visible_pairs(self) -> list[tuple[str, str]]:
        """Return what the person typed or chose, with the names of the fields in plain words."""
        return [
            (name.replace("_", " ").replace("-", " ").capitalize(), value)
            for name, value in self.pairs
            if value.strip()
        ]


def encrypt_post(request: HttpRequest) -> str:
    """Return the form that a request sent, encrypted, for the hidden field; "" for a GET."""
    if request.method != "POST":
        return ""
    pairs = [
        [name, value]
        for name, values in request.POST.lists()
        if name != "csrfmiddlewaretoken"
        for value in values
    ]
    user_id = getattr(request, "ended_user_id", "") or str(request.user.pk or "")
    content = [request.get_full_path(), pairs, user_id, bool(request.FILES)]
    return _fernet().encrypt(json.dumps(content).encode()).decode()


def read_carried_post(request: HttpRequest) -> CarriedPost | None:
    """Return what the hidden field holds, if the signed-in person sent it; else None."""
    return decrypt_post(request.POST.get(FIELD, ""), user_id=str(request.user.pk))


def decrypt_post(text: str, *, user_id: str) -> CarriedPost | None:
    """Return the form that `encrypt_post` encrypted, if this person sent it; else None."""
    try:
        path, pairs, sender_id, has_files = json.loads(_fernet().decrypt(text.encode(), LIFETIME))
    except (InvalidToken, ValueError):
        return None
    # Somebody else signed in on this computer: they must not send the first one's form.
    if sender_id not in {"", user_id}:
        return None
    return CarriedPost(path, tuple((name, value) for name, value in pairs), sender_id, has_files)


def _fernet() -> MultiFernet:
    return derive_fernet(info=b"bluelamp.web.accounts.carried_posts")
