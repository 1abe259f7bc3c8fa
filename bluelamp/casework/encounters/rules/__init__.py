"""Decisions about encounters as pure functions."""

from bluelamp.casework.encounters.rules.encounters import (
    RECEIPT_TEMPLATE,
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
    has_receipt,
    hash_copy_secret,
    last_day_for_copy,
    parse_encounter_reference,
)

__all__ = [
    "RECEIPT_TEMPLATE",
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
    "has_receipt",
    "hash_copy_secret",
    "last_day_for_copy",
    "parse_encounter_reference",
]
