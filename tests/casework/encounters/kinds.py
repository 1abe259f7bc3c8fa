"""Answers to the form of each kind of encounter that an officer records at the scene."""

from typing import Any

PLACE = {"address": "Acorn Parade, Peckham", "postcode": "SE15 4QL", "detail": ""}
SEEN = {"know": "exact", "from": "2026-03-03T12:30:00Z", "to": None}
VIDEO = {"video": "yes", "video_reference": "BWV-77"}
_SUNIL = {"given_name": "Sunil", "family_name": "Vexley", "born_on": "2005-05-05"}

KIND_VALUES: dict[str, dict[str, Any]] = {
    "stop-account": {
        "started": "now",
        "place": PLACE,
        "reason": "behaviour",
        "account": "He looked into parked vans. He said that he had lost his cat.",
        "outcome": "none",
        "gave_name": "yes",
        **_SUNIL,
        **VIDEO,
    },
    "vehicle-stop": {
        "registration": "AB12 CDE",
        "make_model": "Blue Ford Fiesta",
        "started": "now",
        "place": PLACE,
        "reason": "driving",
        "gave_name": "yes",
        **_SUNIL,
        "produced": ["licence"],
        "to_produce": ["insurance", "test"],
        "station": "Peckham",
        "outcome": "reported",
        **VIDEO,
    },
    "property-found": {
        "category": "phone",
        "description": "Black phone, cracked screen",
        "serial": "SN-4411-XY",
        "started": "now",
        "place": PLACE,
        "found_by": "public",
        "finder_name": "Grace Holloway",
        "finder_claims": "no",
        "store": "store",
        "store_reference": "Peckham store, seal A12345",
        "claimed": "no",
        **VIDEO,
    },
    "missing-person": {
        **_SUNIL,
        "description": "Tall, red jacket, grey rucksack",
        "happened_at": SEEN,
        "place": PLACE,
        "circumstances": "He left for college and did not arrive. His phone is off.",
        "out_of_character": "yes",
        "self_harm": "no",
        "vulnerability": ["mental", "medicine"],
        "missing_before": "no",
        "risk": "medium",
        "risk_reason": "He needs his inhaler, and has never stayed away.",
        "informant_name": "Maya Vexley",
        "informant_contact": "07700 900456",
        "supervisor_told": "yes",
        **VIDEO,
    },
    "sudden-death": {
        "is_known": "yes",
        **_SUNIL,
        "identified_by": "His sister, who was there",
        "happened_at": SEEN,
        "place": PLACE,
        "found_by": "Maya Vexley",
        "circumstances": "In his armchair. The door was locked from inside.",
        "nature": "illness",
        "pronounced_by": "R Fenn, paramedic",
        "pronounced_on": "2026-03-03",
        "pronounced_time": "13:05",
        "coroner_told": "yes",
        "kin_told": "yes",
        "kin": "Maya Vexley, sister, there",
        "property_taken": "no",
        **VIDEO,
    },
}
PREFIXES = {
    "stop-account": "SA",
    "vehicle-stop": "VS",
    "property-found": "PF",
    "missing-person": "MP",
    "sudden-death": "SD",
}
