"""Small question sets for tests."""

from bluelamp.foundation.forms.built_in import QuestionSetFile


def lost_property(version: int = 1, *, question: str = "What did you lose?") -> QuestionSetFile:
    """Return a set with one page, whose question is as given."""
    return QuestionSetFile(
        f"""
name: lost-property
version: {version}
title: Report lost property
sections:
  - id: thing
    title: What you lost
    pages:
      - id: what
        title: What you lost
        questions:
          - {{id: what, type: text, label: "{question}", missing: Enter what you lost}}
""",
        {},
    )


JOURNEY = QuestionSetFile(
    """
name: journey
version: 1
title: Apply for something
style: tasks
things:
  applicant: {kind: person, role: applicant}
choices:
  colours:
    - {value: red, label: Red}
    - {value: blue, label: Blue, hint: Like the sky}
sections:
  - id: about
    title: About you
    pages:
      - id: name
        title: Your name
        questions:
          - {id: full_name, type: text, label: What is your name?, missing: Enter your name, autocomplete: name, becomes: applicant.name}
      - id: contact
        title: How to contact you
        heading: How can we contact you?
        notes:
          - {text: "Call **999** in an emergency, or [101](tel:101).", look: inset}
          - {text: "Tell us more.", before: colours}
        questions:
          - id: by
            type: choice
            label: How should we contact you?
            missing: Select how we should contact you
            choices:
              - {value: email, label: Email}
              - {value: phone, label: Phone}
          - {id: email, type: email, label: Email address, missing: Enter an email address, if: {by: email}}
          - {id: phone, type: phone, label: Phone number, missing: Enter a phone number, if: {by: phone}}
          - {id: colours, type: choices, label: Colours, choices: colours, required: false}
          - {id: born, type: date, label: Date of birth, missing: Enter your date of birth, options: {past: true}}
          - {id: shade, type: text, label: Which shade?, missing: Enter the shade, if: {all: [{colours: red}, {colours: blue}]}}
  - id: vehicles
    title: Vehicles
    repeat: {noun: vehicle, add: Add a vehicle, least: 0, most: 2}
    pages:
      - id: vehicle
        title: Make
        questions:
          - {id: make, type: text, label: What make is it?, missing: Enter the make}
      - id: colour
        title: Colour
        questions:
          - {id: colour, type: choice, label: What colour is it?, choices: colours, missing: Select the colour}
  - id: sign
    title: Declaration
    pages:
      - id: declare
        title: Declaration
        questions:
          - {id: agree, type: declaration, short: Declaration, label: What I have said is true, missing: Confirm that it is true}
""",  # noqa: E501
    {},
)
"""A form with tasks: three sections, one of which repeats."""
