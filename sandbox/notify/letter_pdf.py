"""Draws the PDF of a letter from a template, for people to look at. Nothing is printed."""

import json
from typing import Any

import typst

_PAGE = """
#set page(paper: "a4", margin: (left: 20mm, right: 20mm, top: 40mm, bottom: 20mm))
#set text(size: 11pt)
#set document(title: "Letter")
#let letter = json(bytes(sys.inputs.letter))
#block(height: 30mm, letter.lines.join(linebreak()))
#v(20mm)
#strong(letter.subject)

#letter.body
"""
_NAMES = ("line_1", "line_2", "line_3", "line_4", "line_5", "line_6", "postcode")


def draw_letter(message: dict[str, Any]) -> bytes:
    """Return a stored letter as a PDF."""
    letter = {
        "lines": [message[name] for name in _NAMES if message[name]],
        "subject": message["subject"] or "",
        "body": message["body"],
    }
    return bytes(typst.compile(_PAGE.encode(), sys_inputs={"letter": json.dumps(letter)}))
