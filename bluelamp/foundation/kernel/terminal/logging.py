"""Log lines on standard error: one line for each record, without query strings, which hold what
people searched for.
"""

import logging
import re
from typing import Any

_LONGEST_REFUSAL = 300  # characters
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_CONTROL_IN_BLOCK = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Before each line of a traceback: nothing in it can be taken for the beginning of a record.
_BLOCK_MARK = "  | "
# Query strings hold what people searched for: names and numbers, which no log may keep.
_QUERY_STRING = re.compile(r"(?<=\S)\?[\w.%+-]*=[^\s'\"]*")
# A part of a path that opens something by itself: the link of a referee, a payment or a download.
# It is long and random, so it has digits and letters in both cases, which no name or hash of ours
# has.
_SECRET_IN_PATH = re.compile(
    r"(?<=/)(?=[^/\s]*[0-9])(?=[^/\s]*[A-Z])(?=[^/\s]*[a-z])[\w:=.~-]{40,}"
)


class RedactQueryStrings(logging.Formatter):
    """Writes each record so that what strangers sent can neither be read nor forge another record.

    The query string of every address, and what opens something in its path, becomes an ellipsis, in
    tracebacks too. A line break or
    another control character is written as Python does, and lines of a traceback have a mark.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line."""
        return _SECRET_IN_PATH.sub("…", _QUERY_STRING.sub("?…", super().format(record)))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (logging's name)
        """Return the first line, in which every control character is escaped."""
        return _CONTROL.sub(_escape, super().formatMessage(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802  (logging's name)
        """Return a traceback, each line with a mark."""
        return _mark_block(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802  (logging's name)
        """Return a stack, each line with a mark."""
        return _mark_block(super().formatStack(stack_info))


def _mark_block(text: str) -> str:
    # splitlines, and not split: a form feed or U+2028 begins a line for some readers too.
    lines = [_CONTROL_IN_BLOCK.sub(_escape, line) for line in text.splitlines()]
    return "\n".join(_BLOCK_MARK + line for line in lines)


def _escape(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode()


class ShortenRefusals(logging.Filter):
    """Makes little of the requests that we refused: strangers send them as often as they like.

    What Django calls suspicious, such as a wrong host name, is one line at WARNING, without its
    traceback. Any other request that was answered with a 4xx status, such as a form with a mistake
    in it, is at INFO. Otherwise they would fill the log and hide real faults. What staff were
    refused is in the audit record.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether a record is written, and change its level and text."""
        if record.name.startswith("django.security") and record.levelno >= logging.WARNING:
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.exc_info = record.exc_text = None
            record.msg, record.args = record.getMessage()[:_LONGEST_REFUSAL], None
        status = getattr(record, "status_code", 0)
        if record.name == "django.request" and 400 <= status < 500:
            record.levelno, record.levelname = logging.INFO, "INFO"
            # The logger let it through as a WARNING, so the level is compared once more.
            return logging.getLogger().isEnabledFor(logging.INFO)
        return True
