"""The languages of messages, and what differs in each beside the template: days and addresses."""

from datetime import date

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import override

from bluelamp.foundation.notifications.rules import WELSH


def language_override(language: str) -> override:
    """Return a context in which sentences, days and addresses are in the language of a message.

    A message is often made by a job, or for somebody else than whose page is being served.
    """
    return override(WELSH if language == WELSH else settings.LANGUAGE_CODE)


def format_day(day: date, language: str) -> str:
    """Return a day as it is written in a message: "3 March 2027", "3 Mawrth 2027"."""
    with language_override(language):
        return date_format(day, "j F Y")


def page_address(name: str, *args: object, language: str) -> str:
    """Return the whole address of a page, in its Welsh part for a message in Welsh.

    Args:
        name: The name of the URL.
        *args: What its path holds.
        language: The language of the message.
    """
    with language_override(language):
        return f"{settings.BLUELAMP_ORIGIN}{reverse(name, args=args)}"
