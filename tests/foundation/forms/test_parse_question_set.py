"""Reading a question set from its file."""

from bluelamp.foundation.forms.rules import parse_question_set

SET = """
name: lost
version: 1
title: Lost property
choices:
  yes-no: [{value: "yes", label: "Yes"}, {value: "no", label: "No"}]
sections:
  - id: thing
    title: What you lost
    pages:
      - id: item
        title: The item
        questions:
          - {id: has_number, type: choice, label: Has it a number, choices: yes-no}
          - {id: number, type: text, label: Number, if: {has_number: "yes"}}
"""


def test_it_works() -> None:
    question_set = parse_question_set(SET)
    assert [question.id for question in question_set.questions] == ["has_number", "number"]
    assert question_set.question("has_number").labels == {"yes": "Yes", "no": "No"}
