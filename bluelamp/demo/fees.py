"""The demonstration force's fees. A real force sets its own: most are not known for certain."""

from datetime import date, datetime

from bluelamp.foundation.kernel.actor import Actor
from bluelamp.foundation.payments.commands import NewFee, are_fees_loaded, load_fees, set_fee

SOURCE = "Set for the demonstration. Check the amount before anybody is charged."
# The last amounts that were read anywhere, as `payments/data/fees.csv` says: pence, and VAT.
FEES = {
    "FAC_GRANT": (198_00, 0),
    "FAC_RENEWAL": (131_00, 0),
    "FAC_VARIATION": (20_00, 0),
    "FAC_REPLACEMENT": (4_00, 0),
    "SGC_GRANT": (194_00, 0),
    "SGC_RENEWAL": (126_00, 0),
    "SGC_REPLACEMENT": (4_00, 0),
    "COT_GRANT_GRANT": (202_00, 0),
    "COT_FACREN_SGCGRANT": (202_00, 0),
    "COT_FACGRANT_SGCREN": (202_00, 0),
    "COT_REN_REN": (155_00, 0),
    "RFD_GRANT_RENEWAL": (200_00, 0),
    "RFD_GAMEFAIR": (13_00, 0),
    "VISITOR_INDIVIDUAL": (20_00, 0),
    "VISITOR_GROUP": (100_00, 0),
    "COLLISION_REPORT": (173_30, 20),
    "COLLISION_EXTRA_PAGE": (5_50, 20),
    "COLLISION_LIMITED_PARTICULARS": (43_80, 20),
    "COLLISION_SELF_REPORT": (43_80, 20),
    "COLLISION_FORENSIC_REPORT": (1285_93, 20),
    "COLLISION_VEHICLE_EXAMINATION": (87_89, 20),
    "COLLISION_SCENE_PLAN": (53_00, 20),
    "COLLISION_PHOTO_DISC": (36_30, 20),
    "COLLISION_PHOTO_SET": (71_60, 20),
    "COLLISION_ROUGH_DATA_PAGE": (35_20, 20),
    "COLLISION_PRINTED_PHOTO": (34_78, 20),
    "COLLISION_FURTHER_PHOTO": (4_00, 20),
    "CIVIL_STATEMENT": (39_10, 20),
    "CIVIL_STATEMENT_EXTRA_PAGE": (4_70, 20),
    "CIVIL_OFFICER_INTERVIEW": (180_60, 20),
    "PEDLAR_CERTIFICATE": (12_25, 0),
}


def set_demo_fees(*, installer: Actor, editor: Actor, at: datetime) -> None:
    """Set the fees that the demonstration charges.

    Args:
        installer: Who loads the fees that come with the program, where they are not there yet.
        editor: The member of staff who sets them.
        at: The time.
    """
    if not are_fees_loaded():
        load_fees(actor=installer, at=at)
    for code, (net_pence, vat_percent) in FEES.items():
        fee = NewFee(
            code=code,
            net_pence=net_pence,
            vat_percent=vat_percent,
            valid_from=date(2025, 2, 5),
            valid_until=None,
            source=SOURCE,
        )
        set_fee(actor=editor, at=at, fee=fee)
