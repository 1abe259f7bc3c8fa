# ruff: noqa: E501 - a table reads best with one case a line
"""Ways to write a bad question set: each is refused with its line and what to write instead."""

import pytest

from bluelamp.foundation.forms.rules import BadQuestionSet, parse_question_set
from bluelamp.records.reference.rules import answer_types as _answer_types  # noqa: F401

# Each line of the set is named by a number in the table, so the table must follow its changes.
SET = """\
name: lost
version: 1
title: Lost property
things:
  finder: {kind: person, role: finder, fields: [knows]}
  car: {kind: object, type: vehicle}
choices:
  kinds: [{value: phone, label: Phone}, {value: bike, label: Bicycle}]
sections:
  - id: item
    title: The item
    pages:
      - id: what
        title: What you lost
        questions:
          - id: kind
            type: choice
            label: Kind
            choices: kinds
          - id: imei
            type: identifier
            label: IMEI
            options: {scheme: imei}
            if: {kind: phone}
          - id: worth
            type: money
            label: Value
            required: false
            most: 100000
            least: 100
        notes:
          - {text: Look at the back, look: inset, before: imei}
        checks:
          - error: Enter the value
            at: worth
            if: {missing: worth}
      - id: when
        title: When
        if: {answered: kind}
        questions:
          - {id: lost_on, type: date, label: Date, required: {kind: bike}}
          - {id: name, type: text, label: Your name, becomes: finder.name}
          - {id: agreed, type: declaration, label: This is true}
          - {id: moment, type: when, label: When}
  - id: homes
    title: Homes
    repeat: {noun: home, least: 1, most: 9}
    covers: {years: 5, from: since, to: until, error: There is a gap}
    pages:
      - id: home
        title: Home
        questions:
          - {id: since, type: date, label: From}
          - {id: until, type: date, label: To, required: false}
          - {id: plate, type: registration, label: Car, becomes: car.vrm}
  - id: end
    title: The end
    pages:
      - id: last
        title: Last
        questions:
          - id: remark
            type: long_text
            label: Remark
            required: false
            api: remark.text
          - id: files
            type: files
            label: Files
            required: false
"""

BAD_SETS: list[tuple[str, str, int, str]] = [
    # YAML
    ("version: 1", "version: 1\nversion: 2", 3, "`version` is there twice: leave one out"),
    ("title: The item", "title: The: item", 11, "this is no YAML: put text with a colon in quotes, or check the indent"),
    ("title: The item", "\ttitle: The item", 11, "this is no YAML: indent with spaces, not with tabs"),
    ("title: The item", "title: \"The item", 11, "this is no YAML: close the quote that begins here"),
    ("choices: kinds", "choices: *kinds", 19, "this is no YAML: put text that begins with `*` in quotes"),
    # Names and shapes
    ("label: Remark", "lable: Remark", 64, "`lable` is not known here; did you mean `label`?"),
    ("label: Remark", "lable: Remark", 62, "`label` is missing: write `label: …`"),
    ("repeat: {noun: home,", "repeat: {nuon: home,", 47, "`nuon` is not known here; did you mean `noun`?"),
    ("title: The item", "titel: The item", 11, "`titel` is not known here; did you mean `title`?"),
    ("name: lost", "nane: lost", 1, "`nane` is not known here; did you mean `name`?"),
    ("version: 1", "version: one", 2, "`version` must be a whole number: write it without quotes"),
    ("version: 1", "version: 0", 2, "`version` is too small: write 1 or more"),
    ("name: lost", "name: Lost property", 1, "write `name` in small letters, digits, _ and -, a letter first"),
    ("id: worth", "id: 2nd", 25, "write `id` in small letters, digits, _ and -, a letter first"),
    ("label: Remark", "label: 12", 64, "write text here, in quotes: `label: \"…\"`"),
    ("value: bike,", "value: 3,", 8, "write text here, in quotes: `value: \"…\"`"),
    ("kind: person,", "kind: persn,", 5, "write `person`, `location`, `object`, `event` or `organisation`, not `persn`"),
    ("look: inset", "look: red", 32, "write `body`, `inset`, `warning` or `details`, not `red`"),
    ("required: false\n            most", "required: maybe\n            most", 28, "`required` must be `true`, `false`, `check` or a condition"),
    ("if: {answered: kind}\n", "if: kind\n", 39, "`if` must be `key: value`, not a list or text"),
    ("questions:\n          - {id: since", "questions:\n          id: {id: since", 54, "this is no YAML: check the indent here and in the line before"),
    ("- {text: Look", "x: {text: Look", 31, "`notes` must be a list: begin each line under it with `- `"),
    # Ids and types
    ("id: worth", "id: kind", 25, "there is another answer `kind`: give this one a name of its own"),
    ("- id: last", "- id: what", 59, "there is another page `what`: give this one a name of its own"),
    ("- id: end", "- id: item", 56, "there is another section `item`: give this one a name of its own"),
    ("id: remark", "id: homes", 62, "there is another answer `homes`: give this one a name of its own"),
    ("id: remark", "id: missing", 62, "`missing` is a word of conditions: give this another id"),
    ("type: long_text", "type: longtext", 63, "`longtext` is no type; did you mean `long_text`?"),
    ("id: remark", "id: lost_on_day", 62, "the field `lost_on_day` is also one of `lost_on`: change the id or options"),
    # Choices and options
    ("choices: kinds", "choices: kind", 19, "there is no list `kind` under `choices`; did you mean `kinds`?"),
    ("            choices: kinds\n", "", 16, "`choice` needs `choices:`"),
    ("label: Remark", "label: Remark\n            choices: kinds", 65, "`long_text` has no choices: leave them out"),
    ("value: bike, label: Bicycle", "value: phone, label: Bicycle", 8, "there is another `phone` in this list"),
    ("scheme: imei", "schema: imei", 23, "`identifier` has no option `schema`; did you mean `scheme`?"),
    ("scheme: imei", "scheme: email", 20, "write `options: {scheme: …}` with one of `imei`, `vin`, `frame`, `serial`"),
    ("type: money", "type: number\n            options: {decimals: many}", 25, "write `options: {decimals: 2}`, or another number from 0 to 6"),
    ("least: 100", "least: 200000", 30, "`least` is more than `most`: change one of them"),
    ("label: Remark\n            required: false", "label: Any remark?", 62, "write `missing:` too: what is said where this is not answered"),
    ("label: This is true", "label: This is true, choices: kinds", 8, '`declaration` has only "yes" and "no", and always'),
    ("label: Value\n", "label: Value\n            errors: {mony_invalid: Enter money}\n", 28, "`money` has no error `mony_invalid`; did you mean `money_invalid`?"),
    # Words for what a type always offers
    ("label: When}", "label: When, choices: kinds}", 8, '`when` has only "exact" and "between" and "unsure", and always'),
    ("label: When}", "label: When, choices: [{value: unsure, label: I forget, if: {kind: bike}}]}", 44, '`when` has only "exact" and "between" and "unsure", and always'),
    ("label: When}", "label: When, field_labels: {until: To}}", 44, "write `on`, `from` or `to`, not `until`"),
    ("label: When}", "label: When, field_labels: {to: 3}}", 44, "write text here, in quotes: `to: \"…\"`"),
    ("label: Your name,", "label: Your name, field_labels: {on: Day},", 42, "only a `when` has them: leave them out"),
    # Conditions
    ("if: {kind: phone}", "if: {knd: phone}", 24, "there is no question `knd`; did you mean `kind`?"),
    ("if: {kind: phone}", "if: {worth: 1}", 24, "`worth` is asked later: name only what is asked before"),
    ("if: {kind: phone}", "if: {kind: fone}", 24, "`fone` is no answer to `kind`; did you mean `phone`?"),
    ("if: {kind: phone}", "if: {kind: [phone, boat]}", 24, "`boat` is no answer to `kind`: use `phone`, `bike`"),
    ("if: {kind: phone}", "if: {kind: phone, worth: 1}", 24, "write one condition here: put several under `all:` or `any:`"),
    ("if: {kind: phone}", "if: {all: {kind: phone}}", 24, "write a list of conditions under `all:`, each after `- `"),
    ("if: {kind: phone}", "if: {any: []}", 24, "write a list of conditions under `any:`, each after `- `"),
    ("if: {kind: phone}", "if: {not: phone}", 24, "write one condition here: put several under `all:` or `any:`"),
    ("if: {kind: phone}", "if: {all: [{kind: phone}, {kind: bike}]}", 24, "no answers make this true: change it, or leave this part out"),
    ("if: {kind: phone}", "if: {not: {answered: [kind, nobody]}}", 24, "there is no question `nobody`: use `kind`, `imei`"),
    ("if: {missing: worth}", "if: {less: {kind: 3}}", 36, "`less` is for numbers: `kind` is none"),
    ("if: {missing: worth}", "if: {more: worth}", 36, "write `more: {question: 3}`"),
    ("if: {missing: worth}", "if: {less: {worth: \"3\"}}", 36, "write a number here, without quotes"),
    ("if: {missing: worth}", "if: {before: {worth: today}}", 36, "`before` is for dates: `worth` is none"),
    ("if: {missing: worth}", "if: {worth: \"300\"}", 36, "`worth` is a number: write 300 without quotes"),
    ("required: {kind: bike}", "required: {kind: car}", 41, "`car` is no answer to `kind`: use `phone`, `bike`"),
    ("label: Your name,", "label: Your name, if: {before: {lost_on: last year}},", 42, "`today`, `\"14 years ago\"`, `\"in 2 weeks\"`, `\"2026-03-02\"` or the id of an earlier date must stand here"),
    ("label: Your name,", "label: Your name, if: {before: {lost_on: lost_time}},", 42, "`today`, `\"14 years ago\"`, `\"in 2 weeks\"`, `\"2026-03-02\"` or the id of an earlier date must stand here"),
    ("id: last", "id: last\n        if: {since: today}", 60, "`since` is inside rows: ask whether `homes` is `answered`"),
    ("id: last", "id: last\n        if: {agreed: \"yes\"}", 60, "`agreed` can only be `true`"),
    ("id: last", "id: last\n        if: {moment: exact}", 60, "`moment` has several parts: ask only whether it is `answered` or `missing`"),
    ("label: Files", "label: Files\n            if: {all: [{kind: phone}, {missing: kind}]}", 70, "no answers make this true: change it, or leave this part out"),
    ("if: {kind: phone}", "if: {answered: imei}", 24, "`imei` is not answered before it is asked: name an earlier question"),
    ("if: {kind: phone}", "if: {missing: imei}", 24, "`imei` is not answered before it is asked: name an earlier question"),
    ("if: {kind: phone}", "if: {any: [{answered: imei}]}", 24, "`imei` is not answered before it is asked: name an earlier question"),
    ("if: {kind: phone}", "if: {any: [{kind: phone}, {all: [{kind: bike}, {answered: imei}]}]}", 24, "`imei` is not answered before it is asked: name an earlier question"),
    # Names of fields and of errors
    ("label: When}", "label: When, options: {from: x, to: x}}", 44, "`x_day` is there twice: give the id, `from` and `to` different names"),
    ("label: When}", "label: When, options: {from: moment, to: x}}", 44, "`moment` is there twice: give the id, `from` and `to` different names"),
    ("label: When}", "label: When, options: {from: y_from, to: y_on}}", 44, "`y_on_day` is there twice: give the id, `from` and `to` different names"),
    ("label: When}", "label: When, options: {from: kind, to: x}}", 44, "the field `kind` is also one of `kind`: change the id or options"),
    ("label: When}", "label: When, options: {from: lost_from, to: x}}", 44, "the field `lost_on` is also one of `lost_on`: change the id or options"),
    ("label: When}", "label: When}\n          - {id: then, type: when, label: Then, options: {from: moment_from, to: x}}", 45, "the field `moment_from_day` is also one of `moment`: change the id or options"),
    ("id: remark", "id: moment_on", 62, "the field `moment_on` is also one of `moment`: change the id or options"),
    ("id: remark", "id: moment_to", 62, "the field `moment_to` is also one of `moment`: change the id or options"),
    ("label: IMEI\n", "label: IMEI\n            errors: {vin_invalid: Enter it}\n", 23, "`identifier` has no error `vin_invalid`; did you mean `imei_invalid`?"),
    ("label: Remark\n", "label: Remark\n            errors: {date_invalid: Enter it}\n", 65, "`long_text` has no error `date_invalid`: use `too_long`, `too_short`"),
    ("type: long_text", "type: textarea", 63, "`textarea` is no type; did you mean `long_text`?"),
    ("type: long_text", "type: Radio", 63, "`Radio` is no type; did you mean `choice`?"),
    ("becomes: finder.name", "becomes: finder.contact_by", 42, "`finder` has no field `contact_by` (a new one goes under its `fields:`): use `given_name`, `family_name`, `name`, `business_name`, `born_on`, `born_in`, `age_range`, `gender`, `nationality`, `language`, `occupation`, `height`, `observed_ethnicity`, `self_defined_ethnicity`, `phone`, `email`, `address`, `postcode`, `home_phone`, `preferred_contact`, `is_safe_to_contact`, `safe_contact`, `safe_contact_detail`, `role`, `knows`"),
    # What refers to other parts
    ("before: imei", "before: image", 32, "no question `image` on this page; did you mean `imei`?"),
    ("look: inset", "look: details", 32, "`look: details` needs a `title:`"),
    ("at: worth", "at: lost_on", 35, "no question `lost_on` on this page: use `kind`, `imei`, `worth`"),
    ("becomes: finder.name", "becomes: founder.name", 42, "there is no thing `founder` under `things`; did you mean `finder`?"),
    ("becomes: finder.name", "becomes: finder.nmae", 42, "`finder` has no field `nmae` (a new one goes under its `fields:`); did you mean `name`?"),
    ("becomes: car.vrm", "becomes: car.given_name", 55, "`car` has no field `given_name` (a new one goes under its `fields:`): use `description`, `identifier`, `vrm`, `make`, `model`, `colour`, `colours`, `size`, `name`, `category`, `calibre`, `action`, `reason`, `issued_by`, `expires_on`, `lost_on`"),
    ("label: When}", "label: When, becomes: finder}", 44, "`finder` has no field `know` (a new one goes under its `fields:`); did you mean `knows`?"),
    ("becomes: finder.name", "becomes: finder", 42, "write the field too: `finder.name`"),
    ("becomes: finder.name", "becomes: car.colour", 55, "`car` is already named elsewhere, and not in the same rows"),
    ("from: since,", "from: kind,", 48, "`kind` is no date of this section: use `since`, `until`"),
    ("    repeat: {noun: home, least: 1, most: 9}\n", "", 47, "only a section with `repeat:` can cover years"),
    ("most: 9", "most: 0", 47, "`most` is too small: write 1 or more"),
    ("least: 1, most: 9", "least: 5, most: 2", 47, "`least` is more than `most`: change one of them"),
    ("label: Files", "label: Files\n            api: remark.text", 70, "another question has `remark.text`: give this one its own path"),
    ("api: remark.text", "api: {path: [remark]}", 66, "write the path as text: `api: {path: person.email}`"),
    ("label: Files", "label: Files\n            joins: nothing", 70, "there is no earlier question `nothing`"),
    ("        questions:\n          - id: remark", "        notes: []\n      - id: other\n        title: Other\n        questions:\n          - id: remark", 59, "this page is empty: write `questions:` or `notes:`"),
]  # fmt: skip


def test_it_works() -> None:
    parse_question_set(SET)
    assert len(BAD_SETS) >= 60


@pytest.mark.parametrize(("right", "wrong", "line", "message"), BAD_SETS)
def test_bad_set(right: str, wrong: str, line: int, message: str) -> None:
    assert SET.count(right) == 1 or right in {"title: The item", "version: 1"}
    with pytest.raises(BadQuestionSet) as refused:
        parse_question_set(SET.replace(right, wrong, 1))
    problems = [(problem.line, problem.message) for problem in refused.value.problems]
    assert (line, message) in problems
    # One slip is not reported in many ways.
    assert len(problems) <= 2, problems


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "this is no question set: begin with `name:`, `version:`, `title:`, `sections:`"),
        ("- a", "this is no question set: begin with `name:`, `version:`, `title:`, `sections:`"),
        ("a: &x [1]\nb: *x", "`&` and `*` are not used here: write it out, or name a list under `choices`"),
        ("[" * 5000, "this cannot be read as YAML: write fewer parts inside each other"),
        ("a" * 2_000_001, "the file is too long: write at most 2,000,000 characters"),
    ],
)  # fmt: skip
def test_no_set_at_all(text: str, message: str) -> None:
    with pytest.raises(BadQuestionSet) as refused:
        parse_question_set(text)
    assert [problem.message for problem in refused.value.problems] == [message]


@pytest.mark.parametrize(
    ("translation", "line", "message"),
    [
        ("Lost property: Eiddo coll\nThe itm: Yr eitem", 2, "the set has no sentence `The itm`; did you mean `The item`?"),
        ("Lost property:", 1, "write the translation of `Lost property` in quotes"),
        ("- Eiddo coll", 1, 'write `"sentence": "translation"` lines'),
    ],
)  # fmt: skip
def test_bad_translation(translation: str, line: int, message: str) -> None:
    with pytest.raises(BadQuestionSet) as refused:
        parse_question_set(SET, translations={"cy": translation})
    problem = refused.value.problems[0]
    assert (problem.line, problem.place, problem.message) == (line, "cy", message)
