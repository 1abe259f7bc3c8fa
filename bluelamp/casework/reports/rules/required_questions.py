"""What the program needs of the report's question set, which a force may change."""

from bluelamp.foundation.forms.rules import QuestionSet

# Pages that do more than ask questions.
_PAGES = ("where", "files", "contact", "check")
# Questions whose answers the program acts on, and their types.
_QUESTIONS = {
    "kind": "choice",
    "place": "place",
    "when": "when",
    "is_safe_to_contact": "yes_no",
    "is_declared_true": "declaration",
}


def find_unmet_requirements(question_set: QuestionSet) -> list[str]:
    """Return what the report needs of a question set, and the set lacks: a sentence for each."""
    page_ids = {page.id for page in question_set.pages}
    unmet = [f"the report needs the page `{name}`" for name in _PAGES if name not in page_ids]
    for question_id, type_name in _QUESTIONS.items():
        question = question_set.questions_by_id.get(question_id)
        if question is None:
            unmet.append(f"the report needs the question `{question_id}`")
        elif question.type != type_name:
            unmet.append(f"the report needs `{question_id}` to have `type: {type_name}`")
    # The page on which people check their answers ends with what they declare.
    if "check" in page_ids and question_set.page("check").questions[:1] != (
        question_set.questions_by_id.get("is_declared_true"),
    ):
        unmet.append("the first question of the page `check` must be `is_declared_true`")
    return unmet
