"""What people do with crimes: record, number, link, add people and items."""

from bluelamp.casework.crimes.commands.assessing import assess_risk, assess_risk_at_scene
from bluelamp.casework.crimes.commands.changing import (
    assign_officer,
    mark_charged,
    rebuild_search_keys,
)
from bluelamp.casework.crimes.commands.classifying import reclassify_crime
from bluelamp.casework.crimes.commands.items import (
    add_item,
    announce_captured_item,
    connect_received_items,
    issue_item_token,
)
from bluelamp.casework.crimes.commands.linking import link_crimes
from bluelamp.casework.crimes.commands.numbers import (
    LeaseDetail,
    expire_leases,
    lease_numbers,
)
from bluelamp.casework.crimes.commands.people import add_person, correct_person
from bluelamp.casework.crimes.commands.recording import (
    RecordedCrime,
    record_at_scene,
    record_crime,
    record_from_report,
)
from bluelamp.casework.crimes.commands.scene_additions import (
    add_scene_answers,
    correct_scene_person,
    correct_summary,
)
from bluelamp.casework.crimes.commands.times import (
    NewTime,
    correct_crime_time,
    correct_item_time,
    write_time_correction,
)
from bluelamp.casework.crimes.commands.withdrawing import (
    release_device_numbers,
    release_lease,
    restore_number,
    void_device_numbers,
    void_number,
)

__all__ = [
    "LeaseDetail",
    "NewTime",
    "RecordedCrime",
    "add_item",
    "add_person",
    "add_scene_answers",
    "announce_captured_item",
    "assess_risk",
    "assess_risk_at_scene",
    "assign_officer",
    "connect_received_items",
    "correct_crime_time",
    "correct_item_time",
    "correct_person",
    "correct_scene_person",
    "correct_summary",
    "expire_leases",
    "issue_item_token",
    "lease_numbers",
    "link_crimes",
    "mark_charged",
    "rebuild_search_keys",
    "reclassify_crime",
    "record_at_scene",
    "record_crime",
    "record_from_report",
    "release_device_numbers",
    "release_lease",
    "restore_number",
    "void_device_numbers",
    "void_number",
    "write_time_correction",
]
