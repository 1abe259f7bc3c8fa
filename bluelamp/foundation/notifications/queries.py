"""Looking templates up."""

from functools import cache
from pathlib import Path

from bluelamp.foundation.notifications.rules import gaps

WORDS = Path(__file__).parent / "words"


@cache
def gaps_of(template: str, kind: str) -> tuple[str, ...]:
    """The names that the template of that kind asks for. FileNotFoundError when there is none."""
    return gaps((WORDS / f"{template}.{kind}.txt").read_text(encoding="utf-8"))
