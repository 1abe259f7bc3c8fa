"""Decisions about encounters as pure functions."""

from bluelamp.casework.encounters.rules.encounters import (
    RISK_SET,
    SCENE_KINDS,
    STOP_SEARCH_SET,
    CorrectedEncounter,
    EncounterKind,
    NewAssessment,
    RecordedEncounter,
    RiskGrade,
    SceneEncounter,
    count_yes,
    encounter_reference,
    hash_copy_secret,
    last_day_for_copy,
    parse_encounter_reference,
)

__all__ = [
    "RISK_SET",
    "SCENE_KINDS",
    "STOP_SEARCH_SET",
    "CorrectedEncounter",
    "EncounterKind",
    "NewAssessment",
    "RecordedEncounter",
    "RiskGrade",
    "SceneEncounter",
    "count_yes",
    "encounter_reference",
    "hash_copy_secret",
    "last_day_for_copy",
    "parse_encounter_reference",
]
