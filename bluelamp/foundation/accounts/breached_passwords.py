"""Passwords that were in breaches, by a list on this machine: nobody is asked about our staff.

The list is the one that Have I Been Pwned gives away for this: a line for each password with its
SHA-1 in hexadecimal, a colon and how often it was seen, in the order of the hashes. It has about a
billion lines and some 40 GB, so it is searched where it lies.
"""

import hashlib
import os
from pathlib import Path
from typing import BinaryIO

# Longer than any line: 40 digits, a colon, the count and a line break.
_LONGEST_LINE = 80


def is_breached(password: str, *, path: Path) -> bool:
    """Say whether a password is in a list of breached ones.

    Raises:
        OSError: The list cannot be read.
    """
    # SHA-1 is what the list has; nothing here relies on it being hard to reverse.
    digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file:
        low, high = 0, os.fstat(file.fileno()).st_size
        # The line that begins at `low` or after it and before `high` is the one, or there is none.
        while low < high:
            middle = (low + high) // 2
            start, line = _line_after(file, middle, high=high)
            found = line[: len(digest)].upper()
            if found == digest:
                return True
            if line and found < digest:
                low = start + len(line)
            else:
                high = middle
    return False


def _line_after(file: BinaryIO, offset: int, *, high: int) -> tuple[int, bytes]:
    """Return the first line that begins at or after `offset` and before `high`, and where; b"" if
    there is none.
    """
    # One byte back: if that is a line break, the line begins exactly here.
    start = max(0, offset - 1)
    file.seek(start)
    if offset:
        start += len(file.readline(_LONGEST_LINE))
    if start >= high:
        return start, b""
    return start, file.readline(_LONGEST_LINE)
