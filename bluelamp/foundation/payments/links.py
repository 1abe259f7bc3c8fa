"""The link that opens a payment: unguessable, made from the payment's id and the secret key.

It is not stored, so neither a backup nor anybody who reads the tables can open a payment, and it
can be put into a later message. A link lasts as long as the payment does; it shows what is to be
paid and lets somebody pay it, and names nobody.
"""

import base64
import hmac
from uuid import UUID

from django.conf import settings

from bluelamp.foundation.kernel.errors import NotFound
from bluelamp.foundation.kernel.secret_key import derive_key

# A part of the key, so it never changes.
_INFO = b"bluelamp.foundation.payments.links"
_ID_BYTES = 16
_CODE_BYTES = 16
"""128 bits: nobody finds a link by trying."""


def make_token(payment_id: UUID) -> str:
    """Return the part of a payment's link that opens it: 43 letters, digits, - and _."""
    return _encode(payment_id, settings.SECRET_KEY)


def read_token(token: str) -> UUID:
    """Return the payment that a link opens. Links made with the old secret key still open.

    Raises:
        NotFound: It is no link of ours.
    """
    try:
        raw = base64.urlsafe_b64decode(token + "=")
    except ValueError:
        raise NotFound("There is no such payment.") from None
    if len(raw) != _ID_BYTES + _CODE_BYTES:
        raise NotFound("There is no such payment.")
    payment_id = UUID(bytes=raw[:_ID_BYTES])
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    expected = [_encode(payment_id, key).encode() for key in keys]
    # In constant time, so that no answer says how near a guess was.
    if not any(hmac.compare_digest(text, token.encode()) for text in expected):
        raise NotFound("There is no such payment.")
    return payment_id


def _encode(payment_id: UUID, secret_key: str) -> str:
    # Nothing is stored for a link: it follows from the payment's id, and nobody can make one up.
    code = hmac.digest(derive_key(secret_key, info=_INFO), payment_id.bytes, "sha256")
    return base64.urlsafe_b64encode(payment_id.bytes + code[:_CODE_BYTES]).decode().rstrip("=")
