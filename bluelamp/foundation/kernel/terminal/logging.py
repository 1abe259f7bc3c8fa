"""Log lines on standard error, without query strings: those hold what people searched for."""

import logging
import re

_QUERY_STRING = re.compile(r"(?<=\S)\?[\w.%+-]*=[^\s'\"]*")


class RedactQueryStrings(logging.Formatter):
    """Replaces the query string of every address in a line, tracebacks included, by an ellipsis."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line."""
        return _QUERY_STRING.sub("?…", super().format(record))
