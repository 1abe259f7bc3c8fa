"""The JSON Schema of the file, for editors that check it as it is written."""

from typing import Any

from bluelamp.foundation.forms.rules.answer_type import answer_type_names
from bluelamp.foundation.forms.rules.question_set import QuestionSet


def question_set_schema() -> dict[str, Any]:
    """Return the JSON Schema of question sets, with the types of answers that there are."""
    schema = QuestionSet.model_json_schema(by_alias=True)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["$defs"]["Question"]["properties"]["type"]["enum"] = answer_type_names()
    return schema
