"""The question sets that come with Bluelamp: YAML files in the `question_sets` folder of an app."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from django.apps import apps

from bluelamp.foundation.forms.rules import QuestionSet, SetProblem, parse_question_set

set_requirements: dict[str, Callable[[QuestionSet], list[str]]] = {}
"""For each set that a domain acts on: what the domain needs of it, and the set lacks, in sentences
such as "the report needs the question `kind`". The domain's app adds its own when it is ready."""


@dataclass(frozen=True)
class QuestionSetFile:
    """The text of a question set, and that of its translation into each language, such as "cy"."""

    content: str
    translations: Mapping[str, str]

    @cached_property
    def sha256(self) -> str:
        """Return the hash that tells one text from another."""
        parts = json.dumps([self.content, self.translations], sort_keys=True)
        return hashlib.sha256(parts.encode()).hexdigest()

    @cached_property
    def question_set(self) -> QuestionSet:
        """Return the questions. Raises BadQuestionSet where the file has problems."""
        return parse_question_set(self.content, translations=self.translations)


def find_unmet_requirements(question_set: QuestionSet) -> list[SetProblem]:
    """Return what the domain that acts on a set needs of it, and the set lacks."""
    find = set_requirements.get(question_set.name)
    return [SetProblem(1, "", sentence) for sentence in find(question_set)] if find else []


def read_file(path: Path) -> QuestionSetFile:
    """Return a question set's file, with the translations beside it: `report.cy.yaml`."""
    translations = {
        other.stem.rpartition(".")[2]: other.read_text(encoding="utf-8")
        for other in sorted(path.parent.glob(f"{path.stem}.*.yaml"))
    }
    return QuestionSetFile(path.read_text(encoding="utf-8"), translations)


@cache
def built_in_files() -> Mapping[str, QuestionSetFile]:
    """Return the built-in question sets, by the names of their files, which are their own names."""
    return {
        path.stem: read_file(path)
        for config in apps.get_app_configs()
        for path in sorted(Path(config.path).glob("question_sets/*.yaml"))
        # `report.cy.yaml` is a translation of `report.yaml`.
        if "." not in path.stem
    }
