"""Files that the desk sends out, as every front end sends them."""

from bluelamp.web.file_responses import download_response, inline_response

__all__ = ["download_response", "inline_response"]
