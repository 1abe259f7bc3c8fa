"""What is done with files from phones, one file for each step."""

from bluelamp.services.phone_files.commands.bringing_in import (
    OpenContents,
    finish_bringing_in,
    open_phone_file,
    record_outcome,
    request_bring_in,
)
from bluelamp.services.phone_files.commands.carrying import announce_phone_file, finish_phone_file
from bluelamp.services.phone_files.commands.keys import get_or_make_force_key, make_force_key
from bluelamp.services.phone_files.commands.receiving import receive_phone_file

__all__ = [
    "OpenContents",
    "announce_phone_file",
    "finish_bringing_in",
    "finish_phone_file",
    "get_or_make_force_key",
    "make_force_key",
    "open_phone_file",
    "receive_phone_file",
    "record_outcome",
    "request_bring_in",
]
