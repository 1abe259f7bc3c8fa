"""Provenance in CASE/UCO, held to the ontology that case-utils ships."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from case_utils.case_validate import validate

from bluelamp.casework.casefiles.facts import CaseFacts
from bluelamp.casework.casefiles.provenance import provenance
from tests.casework.casefiles.a_case import CASE, CONTINUITY, EXHIBIT, PHOTO_SHA256, PREVIEW_SHA256

BARE = replace(CASE, urn="", crimes=(), exhibits=())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("facts", [CASE, BARE], ids=["full", "no exhibits"])
def test_it_works(tmp_path: Path, facts: CaseFacts) -> None:
    path = tmp_path / "provenance.jsonld"
    path.write_bytes(provenance(facts=facts))
    result = validate([str(path)])
    assert result.conforms, result.text
    assert result.undefined_concepts == set()


def test_every_act_is_there_with_its_performer_and_what_it_made() -> None:
    graph = json.loads(provenance(facts=CASE))["@graph"]
    named = {node["@id"]: node for node in graph}
    actions = [node for node in graph if node["@type"] == "case-investigation:InvestigativeAction"]
    assert [action["uco-core:name"] for action in actions] == [
        line.entry()["verb"] for line in CONTINUITY
    ]
    assert named[actions[3]["uco-action:performer"]["@id"]]["uco-core:name"] == "Bilal Khan"
    made = named[actions[2]["uco-action:result"][0]["@id"]]
    assert (
        made["uco-core:hasFacet"][0]["uco-observable:hash"][0]["uco-types:hashValue"]["@value"]
        == PREVIEW_SHA256
    )
    original = named[actions[0]["uco-action:object"][0]["@id"]]
    digest = original["uco-core:hasFacet"][0]["uco-observable:hash"][0]["uco-types:hashValue"][
        "@value"
    ]
    assert digest == PHOTO_SHA256
    assert all(action["uco-action:startTime"]["@value"].endswith("Z") for action in actions)


def test_the_same_facts_give_the_same_bytes_and_no_name_twice() -> None:
    twice = replace(CASE, exhibits=(EXHIBIT,))
    assert provenance(facts=CASE) == provenance(facts=twice)
    names = [node["@id"] for node in json.loads(provenance(facts=CASE))["@graph"]]
    assert len(names) == len(set(names))
