"""What the program writes to standard error: no query strings, which hold what people searched
for.
"""

import logging
import re

_QUERY = re.compile(r"(?<=\S)\?[\w.%+-]*=[^\s'\"]*")


class WithoutQueries(logging.Formatter):
    """Puts an ellipsis in place of the query of every address in a line, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line."""
        return _QUERY.sub("?…", super().format(record))
