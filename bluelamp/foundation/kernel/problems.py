"""Problems by code, and the sentences that people read instead.

Rules and commands say what is wrong by a code with parameters: `reports.narrative_missing`. The
sentence stands in the `messages.py` of the code's domain and is looked up when somebody reads it,
in the language of that reader. This module knows no Django: `messages.py` registers lazily
translated text, and to render it is to call `str`.

    # bluelamp/casework/reports/messages.py
    register_messages("reports", {"narrative_missing": gettext_lazy("Enter what happened")})

    # bluelamp/casework/reports/rules/fields.py
    Problem("reports.narrative_missing", "narrative")
"""

import dataclasses
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

_CODE = re.compile(r"[a-z][a-z_]*\.[a-z][a-z_0-9]*")
_catalogue: dict[str, object] = {}


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to be put right, by its code; or by a plain sentence where there is no code yet.

    `field` names the form field or API property it belongs to, "" for none. `params` fill the
    `%(name)s` placeholders of the sentence.
    """

    code: str
    field: str = ""
    params: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def text(self) -> str:
        """Return the sentence, in the language that is active now."""
        return render_message(self.code, self.params)


def register_messages(domain: str, messages: Mapping[str, object]) -> None:
    """Add the sentences of a domain: called once, when its app is ready.

    Args:
        domain: The first half of the domain's codes.
        messages: The sentence of each code's second half; lazily translated text is best.
    """
    for name, message in messages.items():
        _catalogue[f"{domain}.{name}"] = message


def is_code(text: str) -> bool:
    """Return whether a text is a problem's code and not already a sentence."""
    return _CODE.fullmatch(text) is not None


def render_message(code: str, params: Mapping[str, object]) -> str:
    """Return the sentence of a code, in the language that is active now.

    Raises:
        LookupError: The code's domain has no message for it: a fault in the code.
    """
    if not is_code(code):
        return code
    if code not in _catalogue:
        raise LookupError(f"There is no message for {code}: add it to its domain's messages.py.")
    message = str(_catalogue[code])
    # A sentence without placeholders may have a % of its own.
    if not params:
        return message
    return message % {name: _render_param(value) for name, value in params.items()}


def registered_codes() -> frozenset[str]:
    """Return every code that has a sentence."""
    return frozenset(_catalogue)


def texts_by_field(problems: Iterable[Problem]) -> dict[str, str]:
    """Return one sentence for each field, the first where a field has several problems."""
    texts: dict[str, str] = {}
    for problem in problems:
        texts.setdefault(problem.field, problem.text)
    return texts


def _render_param(value: object) -> str:
    if isinstance(value, bool):
        raise TypeError("A message has no placeholder for a boolean: use two codes.")
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, date):
        return f"{value:%-d %B %Y}"
    text = str(value)
    # The name of a field inside a sentence is a message too, so that it can be translated.
    return render_message(text, {}) if text in _catalogue else text
