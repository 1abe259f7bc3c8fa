"""What is known already, as the first texts of a form, each with where it is from."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bluelamp.foundation.forms.rules import QuestionSet, fill_in_facts, write_answers


def fill_in_form(
    question_set: QuestionSet,
    facts: Mapping[str, Sequence[Mapping[str, Any]]],
    *,
    source: str,
    at: datetime,
) -> dict[str, tuple[str, str]]:
    """Return the fields that known facts fill in, as `start_form_draft` takes them.

    Args:
        question_set: The set.
        facts: For each thing of the set, what is known of it, as `fill_in_facts` takes it.
        source: Where it is from, as it stands in a sentence: "your last application".
        at: The present instant.
    """
    texts = write_answers(question_set, fill_in_facts(question_set, facts, at=at))
    return {field: (text, source) for field, text in texts.items()}
