"""One complete invented case, which the tests of case files share."""

from datetime import UTC, date, datetime, time
from uuid import UUID

from bluelamp.casework.casefiles.case_data import (
    Address,
    CaseData,
    ChargeData,
    ChronologyEntry,
    ContinuityData,
    CrimeData,
    ExhibitData,
    HearingData,
    LinkData,
    Officer,
    PersonData,
    PreviewData,
    Schedules,
    SignatureData,
    StatementBackData,
    StatementData,
    SummaryData,
    UnusedItemData,
)
from bluelamp.casework.casefiles.case_json import canonical

ESI = UUID("0192f0c1-0000-7000-8000-000000000001")
SUSPECT = UUID("0192f0c1-0000-7000-8000-000000000002")
ITEM = UUID("0192f0c1-0000-7000-8000-0000000000a1")
MADE_AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
PHOTO = b"not really a photo, but bytes are bytes"
PHOTO_SHA256 = "750afae7ef4bb7c4ec1e253dbd9c6751684a7cf4bce82c718ecd226a27b0b1b6"
PREVIEW = b"seen"
PREVIEW_SHA256 = "7208794c984ea1c75d13877c7427336fe98722c41a056eeee4f37360ec367123"

ADA = Officer(
    name="Ada Byrne",
    rank="Constable",
    collar="1234AB",
    location_code="01ZD",
    email="ada.byrne@demo.police.uk",
)
BILAL = Officer(
    name="Bilal Khan",
    rank="Detective Constable",
    collar="4417CX",
    location_code="01ZD",
    email="bilal.khan@demo.police.uk",
    phone="020 7946 0101",
)
HOME = Address(
    building="14", street="Lamp Street", town="London", area="Greater London", postcode="SE1 7AB"
)
SIGNATURE = SignatureData(
    width=300,
    height=100,
    strokes=(
        (
            (20, 60),
            (30, 30),
            (45, 20),
            (50, 45),
            (40, 70),
            (60, 62),
            (80, 40),
            (85, 62),
            (100, 55),
            (120, 60),
            (140, 40),
        ),
        ((150, 25), (152, 65), (170, 50), (190, 62), (230, 58), (270, 50)),
    ),
)
TEXT = "\n\n".join(
    (
        "I am the owner of a blue Ford Fiesta, registration AB12 CDE. On Monday 2 March 2026 I "
        "parked it outside my home in Lamp Street at about 7pm. The car was undamaged when I "
        "locked it.",
        "At about 7:40am on Tuesday 3 March 2026 I came out and saw that the windscreen was broken "
        "and that the driver's door had been scratched along its whole length. I took a photograph "
        "with my phone, which I now produce as exhibit AB/1.",
        "I did not give anyone permission to damage my car. The repair has been estimated at £640.",
    )
)

STATEMENT = StatementData(
    id=UUID("0192f0c1-0000-7000-8000-0000000000b1"),
    maker_name="Esi Mensah",
    maker_id=ESI,
    occupation="Nurse",
    text=TEXT,
    pages=1,
    read_over=True,
    read_over_by="Constable Ada Byrne",
    signed_at=datetime(2026, 3, 3, 16, 15, tzinfo=UTC),
    signature=SIGNATURE,
    taken_by=ADA,
    taken_at_place="16 Lamp Street, London",
    back=StatementBackData(
        address=HOME,
        phone_mobile="07700 900123",
        email="esi@example.com",
        preferred_contact="Text message",
        gender="Female",
        born_on=date(1988, 6, 1),
        place_of_birth="Kumasi",
        ethnicity="B2",
        dates_not_available="12 to 26 August 2026",
        willing_to_attend=True,
        special_measures=False,
        vps_leaflet_given=True,
        vps="Offered, not made yet",
        station="Walworth",
        taken_at=datetime(2026, 3, 3, 15, 40, tzinfo=UTC),
        consent_referral_to_support=True,
    ),
    sha256="ab" * 32,
)


def _continuity_line(
    sequence: int, verb: str, at: datetime, by: str, reason: str = "", **detail: object
) -> ContinuityData:
    """Return an entry as the evidence log writes it."""
    entry = {
        "id": str(UUID(int=0x0192F0C1000070008000000000000000 + sequence)),
        "item": str(ITEM),
        "sequence": sequence,
        "verb": verb,
        "at": at.isoformat(),
        "by": "",
        "by_name": by,
        "from": "",
        "to": "",
        "why": reason,
        "sha256": PHOTO_SHA256,
        "detail": detail,
    }
    return ContinuityData(canonical=canonical(entry))


RECEIVED_AT = datetime(2026, 3, 3, 8, 2, tzinfo=UTC)
CONTINUITY = (
    _continuity_line(
        1, "received", RECEIVED_AT, "Esi Mensah", "Sent with report DA-1", filename="IMG_0042.HEIC"
    ),
    _continuity_line(2, "sealed", RECEIVED_AT, "Bluelamp", algorithm="SHA-256"),
    _continuity_line(
        3,
        "previewed",
        RECEIVED_AT,
        "preview maker",
        kind="display",
        how="Turned upright",
        sha256=PREVIEW_SHA256,
    ),
    _continuity_line(
        4,
        "viewed",
        datetime(2026, 3, 4, 10, 0, tzinfo=UTC),
        "Bilal Khan",
        "Investigation of 01/0000101/26",
    ),
)

EXHIBIT = ExhibitData(
    reference="AB/1",
    item_id=ITEM,
    description="Photograph of a blue Ford Fiesta with a broken windscreen",
    produced_by="Esi Mensah",
    sha256=PHOTO_SHA256,
    size=len(PHOTO),
    filename="IMG_0042.HEIC",
    media_type="image/heic",
    captured_at=datetime(2026, 3, 3, 7, 44, tzinfo=UTC),
    received_at=datetime(2026, 3, 3, 8, 2, tzinfo=UTC),
    held_at="Evidence store",
    continuity=CONTINUITY,
    previews=(
        PreviewData(
            name="preview.jpg",
            media_type="image/jpeg",
            size=4,
            sha256=PREVIEW_SHA256,
            how="Turned upright, 1600 pixels, JPEG",
            made_at=datetime(2026, 3, 3, 8, 2, 5, tzinfo=UTC),
        ),
    ),
)

CASE = CaseData(
    urn="01ZD0303226",
    force_code="01",
    force_name="Demo Police",
    unit="Walworth",
    created_at=MADE_AT,
    officer_in_case=BILAL,
    originating_organisation="0101ZD0",
    crimes=(
        CrimeData(
            number="01/0000101/26",
            offence_code="CD71039",
            offence_title="Criminal damage to property valued under £5000",
            wording="On 3 March 2026 at London without lawful excuse damaged a Ford Fiesta.",
            occurred_from=datetime(2026, 3, 2, 19, 0, tzinfo=UTC),
            occurred_to=datetime(2026, 3, 3, 7, 40, tzinfo=UTC),
            location=HOME,
            recorded_at=datetime(2026, 3, 3, 9, 0, tzinfo=UTC),
            summary="The windscreen and a door of a parked car were damaged overnight.",
            victims=(ESI,),
        ),
    ),
    people=(
        PersonData(
            id=ESI,
            given=("Esi",),
            family="Mensah",
            born_on=date(1988, 6, 1),
            gender="2",
            address=HOME,
            phone_mobile="07700 900123",
            email="esi@example.com",
        ),
        PersonData(
            id=SUSPECT,
            given=("Jordan", "Lee"),
            family="O'Neill",
            born_on=date(1996, 11, 20),
            gender="1",
            address=Address(building="3A", street="Quay Road", town="London", postcode="SE16 4XX"),
            ethnicity_self_defined="W1",
            custody_status="U",
        ),
    ),
    links=(
        LinkData(person_id=ESI, crime_number="01/0000101/26", role="victim"),
        LinkData(person_id=SUSPECT, crime_number="01/0000101/26", role="suspect"),
    ),
    statements=(STATEMENT,),
    exhibits=(EXHIBIT,),
    schedules=Schedules(
        unused=(
            UnusedItemData(
                number=1,
                description="Crime report 01/0000101/26, printed 4 March 2026",
                location="Bluelamp",
                relevance="Record of the first report",
                rebuttable_presumption=True,
            ),
            UnusedItemData(
                number=2,
                description="House-to-house record, Lamp Street, 3 March 2026",
                location="Bluelamp",
            ),
        )
    ),
    chronology=(
        ChronologyEntry(
            at=datetime(2026, 3, 3, 8, 2, tzinfo=UTC),
            what="Reported online with a photograph",
            who="Esi Mensah",
        ),
        ChronologyEntry(
            at=datetime(2026, 3, 3, 9, 0, tzinfo=UTC),
            what="Crime 01/0000101/26 recorded",
            who="Crime desk",
        ),
        ChronologyEntry(
            at=datetime(2026, 3, 3, 16, 15, tzinfo=UTC),
            what="Statement signed",
            who="Constable Ada Byrne",
        ),
    ),
    charges=(
        ChargeData(
            sequence=1,
            defendant_id=SUSPECT,
            offence_code="CD71039",
            wording="Between 2 March 2026 and 3 March 2026 at London without lawful excuse damaged "
            "a Ford Fiesta to the value of £640, contrary to sections 1(1) and 4 of the Criminal "
            "Damage Act 1971.",
            date_code=4,
            started_on=date(2026, 3, 2),
            ended_on=date(2026, 3, 3),
            charged_on=date(2026, 3, 4),
            arrested_on=date(2026, 3, 4),
            location="Lamp Street, London SE1",
            asn="2601ZD0100000448754U",
            victims=(ESI,),
        ),
    ),
    hearing=HearingData(court_ou_code="B01IX00", on=date(2026, 3, 20), starts=time(10, 0)),
    summary=SummaryData(loss_or_injury="£640, estimated repair of windscreen and door."),
)
