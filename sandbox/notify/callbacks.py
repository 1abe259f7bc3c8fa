"""What the service posts to a callback URL."""

from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.notify.templates import Template


def describe_returned_letter(
    message: Mapping[str, Any], templates: Sequence[Template]
) -> dict[str, Any]:
    """Return the news that the post brought a letter back (`LetterCallbackRequest`)."""
    template_id = message["template"]["id"]
    names = {template.id: template.name for template in templates}
    return {
        "notification_id": message["id"],
        "reference": message["reference"],
        "date_sent": message["sent_at"],
        "sent_by": None,
        # A letter that came as a PDF has a template that nobody made.
        "template_name": names.get(template_id, "Pre-compiled PDF"),
        "template_id": template_id,
        "template_version": 1,
        "spreadsheet_file_name": None,
        "spreadsheet_row_number": None,
        "upload_letter_file_name": None,
    }
