"""Message templates in files named `<name>.<email|sms|letter>.txt`.

The first line of an e-mail's or a letter's is `Subject: …`.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

PLACEHOLDER = re.compile(r"\(\(([^()]+?)\)\)")


@dataclass(frozen=True, slots=True)
class Template:
    """One template. Its id is made from its name and kind, so that a restart does not change it."""

    name: str
    kind: str
    subject: str | None
    body: str
    written_at: datetime

    @property
    def id(self) -> str:
        return str(uuid5(NAMESPACE_URL, f"bluelamp:notify:{self.name}:{self.kind}"))

    @property
    def placeholders(self) -> list[str]:
        names = PLACEHOLDER.findall(f"{self.subject or ''} {self.body}")
        return list(dict.fromkeys(names))

    def filled(self, personalisation: dict[str, Any]) -> tuple[str | None, str]:
        """Return subject and body with every placeholder filled; a list becomes bullet points."""

        def to_text(match: re.Match[str]) -> str:
            value = personalisation[match[1]]
            if isinstance(value, list):
                return "".join(f"\n* {item}" for item in value)
            return str(value)

        subject = PLACEHOLDER.sub(to_text, self.subject) if self.subject is not None else None
        return subject, PLACEHOLDER.sub(to_text, self.body)

    def as_json(self) -> dict[str, Any]:
        """Return the template as `GET /v2/templates` shows it."""
        written = self.written_at.isoformat().replace("+00:00", "Z")
        return {
            "id": self.id,
            "name": self.name,
            "type": self.kind,
            "created_at": written,
            "updated_at": None,
            "version": 1,
            "created_by": "bluelamp@example.com",
            "body": self.body,
            "subject": self.subject,
            "postage": "second" if self.kind == "letter" else None,
            "letter_contact_block": None,
            "personalisation": {name: {"required": True} for name in self.placeholders},
        }


def read_templates(folder: Path) -> list[Template]:
    """Return every template in a folder, by name."""
    templates = []
    for path in sorted(folder.glob("*.txt")):
        name, _, kind = path.stem.rpartition(".")
        if kind not in {"email", "sms", "letter"}:
            continue
        text, subject = path.read_text(encoding="utf-8").strip(), None
        if kind != "sms":
            first, _, text = text.partition("\n")
            subject = first.removeprefix("Subject:").strip()
        written = datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
        templates.append(Template(name, kind, subject, text.strip(), written))
    return templates
