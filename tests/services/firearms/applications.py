"""A whole application of Grace's, as values: both certificates, guns held and wanted."""

from datetime import UTC, datetime
from typing import Any

AT = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
CHOUMERT_ROAD = {"address": "14 Choumert Road\nPeckham", "postcode": "SE15 4AA"}
HOME_FARM = {"address": "Home Farm\nOtford", "postcode": "TN14 5QF"}
SURGERY = {"address": "2 Lister Walk\nPeckham", "postcode": "SE15 5LJ"}


def referee(first_name: str, **changes: Any) -> dict[str, Any]:
    """Return the answers about one referee."""
    return {
        "referee_forenames": first_name,
        "referee_surname": "Adeyemi",
        "referee_born_on": "1975-04-02",
        "referee_address": HOME_FARM,
        # Each has a number of their own: two referees cannot share one.
        "referee_phone": f"07700 9{sum(map(ord, first_name)):05}",
        "referee_email": f"{first_name.lower()}@example.org",
        "referee_occupation": "Teacher",
        "referee_relation": "Neighbour",
        "referee_years": 6,
        "referee_allowed": True,
        **changes,
    }


def complete_application() -> dict[str, Any]:
    """Return an answer to every question that can be asked of one adult."""
    return {
        "certificates": ["firearm", "shotgun"],
        "app_firearm": "renewal",
        "firearm_expires_on": "2027-02-01",
        "app_shotgun": "grant",
        "coterminous": "yes",
        "title": "Ms",
        "forenames": "Grace Ann",
        "surname": "Okafor",
        "had_other_names": "yes",
        "gender": "2",
        "born_on": "1980-03-31",
        "born_in": "Lagos, Nigeria",
        "nationality": "British",
        "height": "5 feet 7",
        "mobile": "07700 900456",
        "email": "grace@example.org",
        "occupation": "Gamekeeper",
        "works": "yes",
        "work_address": HOME_FARM,
        "work_phone": "01632 960123",
        "other-names": [{"other_forenames": "Grace", "other_surname": "Bello"}],
        "homes": [
            {
                "home_address": CHOUMERT_ROAD,
                "lived_from": "2023-05-02",
                "lives_here": "yes",
            },
            {
                "home_address": HOME_FARM,
                "lived_from": "2019-01-01",
                "lives_here": "no",
                "lived_to": "2023-05-01",
            },
        ],
        "lived_abroad": "yes",
        "times-abroad": [
            {
                "abroad_country": "Nigeria",
                "abroad_from": "2010-01-04",
                "abroad_to": "2011-12-20",
                "abroad_reason": "Work",
            }
        ],
        "medical_conditions": "yes",
        "condition_kinds": ["depression", "neurodevelopmental"],
        "condition_details": "Depression in 2012, treated for six months, well since.",
        "gp_practice": "Lister Surgery",
        "gp_address": SURGERY,
        "gp_phone": "020 7946 0123",
        "gp_ten_years": "no",
        "gp_gaps": "yes",
        "gp_gap_details": "I saw a private doctor in Lagos in 2010.",
        "previous-practices": [
            {
                "earlier_practice": "Otford Surgery",
                "earlier_practice_address": HOME_FARM,
                "earlier_practice_from": "March 2012",
                "earlier_practice_to": "May 2023",
            }
        ],
        "medical_report_from": "upload",
        "medical_report_files": ["report.pdf"],
        "medical_consent": True,
        "has_offences": "yes",
        "offences": [
            {
                "offence": "Speeding",
                "offence_result": "convicted",
                "offence_on": "2009-06-01",
                "offence_court": "Sevenoaks Magistrates' Court",
                "offence_sentence": "£100 fine",
            }
        ],
        "has_certificates": "yes",
        "refused_revoked": "yes",
        "refused_details": "Kent Police refused a renewal in 2009 after the speeding.",
        "certificates-held": [
            {
                "certificate_type": "firearm",
                "certificate_number": "FAC 12345",
                "certificate_force": "Metropolitan Police",
                "certificate_expires_on": "2027-02-01",
            }
        ],
        "reasons": ["target", "deer", "other"],
        "other_reason": "Film work",
        "has_firearms": "yes",
        "wants_firearms": "yes",
        "wants_ammunition": "yes",
        "firearms-held": [
            {
                "held_type": kind,
                "held_calibre": ".308",
                "held_action": action,
                "held_make": make,
                "held_serial": serial,
                "held_reason": "deer",
            }
            for kind, action, make, serial in (
                ("rifle", "bolt", "Tikka T3x", "TK12345"),
                ("moderator", "other", "Hardy", "HM778"),
            )
        ],
        "firearms-wanted": [
            {
                "wanted_number": 2,
                "wanted_type": "Bolt action rifle",
                "wanted_calibre": ".22 LR",
                "wanted_reason": "target",
                "wanted_details": "Small-bore target shooting at my club.",
            }
        ],
        "ammunition": [{"ammunition_calibre": ".308", "ammunition_most": 250}],
        "land": [
            {
                "land_name": "Home Farm",
                "land_address": HOME_FARM,
                "land_owner": "other",
                "land_owner_name": "Tom Reid, 01632 960456",
                "land_permission": ["letter.pdf"],
            }
        ],
        "clubs": [
            {
                "club_name": "Peckham Rifle Club",
                "club_secretary": "Ann Lee",
                "club_contact": "secretary@example.org",
                "club_membership": "full",
                "club_proof": ["card.jpg"],
            }
        ],
        "has_shotguns": "yes",
        "shotguns-held": [
            {
                "shotgun_make": "Beretta 686",
                "shotgun_action": "over-and-under",
                "shotgun_bore": "12",
                "shotgun_serial": "N12345S",
            }
        ],
        "storage": [
            {
                "storage_address": CHOUMERT_ROAD,
                "storage_of": ["firearms", "ammunition", "shotguns"],
                "storage_security": "A steel cabinet, bolted to the wall.",
                "storage_access": "yes",
                "storage_people": "My husband, who has a firearm certificate too",
            }
        ],
        "referees": [referee("Ben"), referee("Ruth")],
        "referee_guide": True,
        "photo": ["photo.jpg"],
        "monitoring_ethnicity": "14",
        "declaration": True,
        "signature": "Grace Ann Okafor",
    }
