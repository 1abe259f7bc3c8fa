"""UUIDv7: ids that sort by the time they were made (RFC 9562, section 5.7)."""

import uuid

from uuid_utils.compat import uuid7


def new_id() -> uuid.UUID:
    """Return a new UUIDv7."""
    return uuid7()
