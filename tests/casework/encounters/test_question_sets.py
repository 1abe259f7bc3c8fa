"""The two question sets: each question says what law asks it and what fact it becomes."""

import pytest

from bluelamp.foundation.forms.built_in import built_in_files
from bluelamp.foundation.forms.rules import Question

SETS = ("stop-search", "domestic-abuse-topics")
QUESTIONS = [
    pytest.param(name, question, id=f"{name}.{question.id}")
    for name in SETS
    for question in built_in_files()[name].question_set.questions
]


@pytest.mark.parametrize(("name", "question"), QUESTIONS)
def test_it_works(name: str, question: Question) -> None:
    assert question.source, "the law, code or standard that asks it"
    assert question.becomes, "the fact that its answer becomes"
    assert question.missing or question.required is False, "what is said when it is not answered"


@pytest.mark.parametrize("name", SETS)
def test_a_fact_comes_from_one_question(name: str) -> None:
    facts = [question.becomes for question in built_in_files()[name].question_set.questions]
    assert len(facts) == len(set(facts))


def test_the_record_has_what_the_law_asks_for() -> None:
    """PACE 1984 s.3(6): object, grounds, date and time, place, ethnic origins. Not a name."""
    question_set = built_in_files()["stop-search"].question_set
    required = {question.id for question in question_set.questions if question.required is True}
    assert {"object", "started", "place", "self_defined_ethnicity"} <= required
    assert question_set.question("family_name").condition == {"gave_name": "yes"}


def test_the_repository_has_no_words_of_a_licensed_questionnaire() -> None:
    """Topics are names of things. A question mark would be a question of somebody's."""
    question_set = built_in_files()["domestic-abuse-topics"].question_set
    topics = [question for question in question_set.questions if question.type == "choice"]
    assert topics
    assert not [topic.label for topic in topics if "?" in topic.label or " you" in topic.label]
