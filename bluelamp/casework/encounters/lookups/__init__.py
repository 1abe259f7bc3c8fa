"""What people look up about encounters: a list, one of them, and what is published of a month."""

from bluelamp.casework.encounters.lookups.copies import RecordCopy, get_own_copy
from bluelamp.casework.encounters.lookups.listing import (
    EncounterFilter,
    EncounterPage,
    EncounterRow,
    list_own_encounters,
    list_risk_assessments,
    list_scene_encounters,
)
from bluelamp.casework.encounters.lookups.publishing import list_published_searches
from bluelamp.casework.encounters.lookups.returned import (
    ReturnedRecord,
    list_returned_records,
    returned_records_edition,
)
from bluelamp.casework.encounters.lookups.viewing import (
    AssessmentRow,
    EncounterDetail,
    get_encounter,
    get_record_copy,
    list_assessments_of_crime,
    require_assessment,
)

__all__ = [
    "AssessmentRow",
    "EncounterDetail",
    "EncounterFilter",
    "EncounterPage",
    "EncounterRow",
    "RecordCopy",
    "ReturnedRecord",
    "get_encounter",
    "get_own_copy",
    "get_record_copy",
    "list_assessments_of_crime",
    "list_own_encounters",
    "list_published_searches",
    "list_returned_records",
    "list_risk_assessments",
    "list_scene_encounters",
    "require_assessment",
    "returned_records_edition",
]
