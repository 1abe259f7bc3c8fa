"""The public pages of requests for information."""
