"""Log lines on standard error, without query strings: those hold what people searched for."""

import logging
import re

_LONGEST_REFUSAL = 300  # characters
_QUERY_STRING = re.compile(r"(?<=\S)\?[\w.%+-]*=[^\s'\"]*")


class RedactQueryStrings(logging.Formatter):
    """Replaces the query string of every address in a line, tracebacks included, by an ellipsis."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line."""
        return _QUERY_STRING.sub("?…", super().format(record))


class ShortenRefusals(logging.Filter):
    """Makes one line at WARNING of each request that Django refused as suspicious.

    Strangers send wrong host names and forms of a thousand fields as often as they like. Written as
    errors with a traceback, they would fill the log and hide real faults.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, with refusals shortened."""
        if record.name.startswith("django.security") and record.levelno >= logging.WARNING:
            record.levelno, record.levelname = logging.WARNING, "WARNING"
            record.exc_info = record.exc_text = None
            record.msg, record.args = record.getMessage()[:_LONGEST_REFUSAL], None
        return True
