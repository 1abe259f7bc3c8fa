"""Days that the browser's own date fields send."""

from datetime import date

from django.http import HttpRequest

from bluelamp.foundation.kernel.errors import Refused


def read_day(request: HttpRequest, field: str) -> date | None:
    """Return the day in a field of the form that was sent, None where it is empty.

    Raises:
        Refused: It is no day.
    """
    text = request.POST.get(field, "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("Date must be a real date", field=field) from None
