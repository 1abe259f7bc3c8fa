"""Provenance in CASE/UCO, held to the ontology that case-utils ships."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from case_utils.case_validate import validate

from bluelamp.casework.casefiles.case_data import CaseData
from bluelamp.casework.casefiles.provenance import make_provenance
from tests.casework.casefiles.example_case import (
    CASE,
    CONTINUITY,
    EXHIBIT,
    PHOTO_SHA256,
    PREVIEW_SHA256,
)

BARE = replace(CASE, urn="", crimes=(), exhibits=())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("case", [CASE, BARE], ids=["full", "no exhibits"])
def test_it_works(tmp_path: Path, case: CaseData) -> None:
    path = tmp_path / "provenance.jsonld"
    path.write_bytes(make_provenance(case=case))
    result = validate([str(path)])
    assert result.conforms, result.text
    assert result.undefined_concepts == set()


def test_every_act_is_there_with_its_performer_and_what_it_made() -> None:
    graph = json.loads(make_provenance(case=CASE))["@graph"]
    named = {node["@id"]: node for node in graph}
    actions = [node for node in graph if node["@type"] == "case-investigation:InvestigativeAction"]
    assert [action["uco-core:name"] for action in actions] == [
        line.to_dict()["verb"] for line in CONTINUITY
    ]
    assert named[actions[3]["uco-action:performer"]["@id"]]["uco-core:name"] == "Bilal Khan"
    result = named[actions[2]["uco-action:result"][0]["@id"]]
    assert (
        result["uco-core:hasFacet"][0]["uco-observable:hash"][0]["uco-types:hashValue"]["@value"]
        == PREVIEW_SHA256
    )
    original = named[actions[0]["uco-action:object"][0]["@id"]]
    digest = original["uco-core:hasFacet"][0]["uco-observable:hash"][0]["uco-types:hashValue"][
        "@value"
    ]
    assert digest == PHOTO_SHA256
    assert all(action["uco-action:startTime"]["@value"].endswith("Z") for action in actions)


def test_the_same_data_gives_the_same_bytes_and_no_name_twice() -> None:
    twice = replace(CASE, exhibits=(EXHIBIT,))
    assert make_provenance(case=CASE) == make_provenance(case=twice)
    names = [node["@id"] for node in json.loads(make_provenance(case=CASE))["@graph"]]
    assert len(names) == len(set(names))
