"""Looking messages up: what templates there are, and what was sent about a reference."""

from datetime import datetime
from functools import cache
from pathlib import Path

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.notifications.models import Message
from bluelamp.foundation.notifications.rules import gaps

WORDS = Path(__file__).parent / "words"


@cache
def gaps_of(template: str, kind: str) -> tuple[str, ...]:
    """The names that the template of that kind asks for. FileNotFoundError when there is none."""
    return gaps((WORDS / f"{template}.{kind}.txt").read_text(encoding="utf-8"))


@lookup(may="report.view", act="message.listed")
def list_messages(*, actor: Actor, at: datetime, reference: str) -> list[Message]:
    """Every message sent about a reference in the actor's force, newest first."""
    found = list(Message.objects.filter(force=actor.force, reference=reference).order_by("-asked_at", "-id"))
    record_act(None, ref=reference, detail={"messages": len(found)})
    return found
