"""The wording of the standard conditions, dated, with where each is from.

Authority: Firearms Rules 1998 (S.I. 1998/1941), rule 3(4) for a firearm certificate and rule 5(4)
for a shotgun certificate. Condition 2 is as the Metropolitan Police quotes it after the Firearms
(Amendment) Rules 2018, and as the Home Office announced it. Conditions 3, 4(a) and 4(b) are as the
British Association for Shooting and Conservation and others quote them from certificates, word for
word as in the Scottish rules of 1989 (S.I. 1989/889, rule 3(4)), their twin, which
legislation.gov.uk has. Condition 4(c) is the text of S.I. 2019/1419, rule 2(3) and (4). Condition 1
was read in the Scottish rules alone: it is marked so, and staff put the Rules' own text in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bluelamp.services.firearms.rules.conditions import StandardCondition
from bluelamp.services.firearms.rules.decisions import CertificateKind

KINDS = (CertificateKind.FIREARM, CertificateKind.SHOTGUN)
MAX_WORDING_LENGTH = 4_000
MAX_SOURCE_LENGTH = 400
_RULES_BEGAN = date(1998, 9, 1)
_NOTIFY_BEGAN = date(2018, 10, 16)
_STORAGE_BEGAN = date(2019, 12, 12)
_SCOTTISH = (
    "Firearms (Scotland) Rules 1989 (S.I. 1989/889), rule 3(4)(a). Check it against rule 3(4)(i) or"
    " 5(4)(i) of the Firearms Rules 1998"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wording:
    """The text of a standard condition of one kind of certificate, from a day on.

    `is_confirmed` is False where nobody has held it against the Rules' own text yet.
    """

    code: str
    certificate_kind: str
    text: str
    in_force_from: date
    source: str
    is_confirmed: bool


def _storage(things: str, held: str) -> str:
    gun = held.split(" or ")[0].removeprefix("a ")
    transit = held.removeprefix("a ")
    custody = transit.replace(" or ", " or the ")
    return (
        f"(a) The {things} to which the certificate relates must at all times (except in the"
        " circumstances set out in paragraph (b) below) be stored securely so as to prevent, so far"
        f" as is reasonably practicable, access to the {things} by an unauthorised person.\n"
        f"(b) Where {held} to which the certificate relates is in use or the holder of the"
        f" certificate has the {gun} with him for the purpose of cleaning, repairing or testing it"
        " or for some other purpose connected with its use, transfer or sale, or the"
        f" {transit} is in transit to or from a place in connection with its use or any such"
        f" purpose, reasonable precautions must be taken for the safe custody of the {custody}.\n"
        "(c) Where the holder of the certificate is under the age of eighteen, arrangements must be"
        " in place for ensuring that one of the following persons assumes responsibility for the"
        f" secure storage of the {things} to which the certificate relates in accordance with"
        " sub-paragraph (a): the holder’s parent or guardian; or a person aged eighteen or over who"
        f" is authorised under the Firearms Act 1968 to have possession of such {things}."
    )


def _notify(rest: str) -> str:
    return (
        "The holder of this certificate must inform the Chief Officer of Police by whom the"
        " certificate was granted as soon as reasonably practicable, but within 7 days of the"
        f" theft, loss or destruction in Great Britain of the certificate and/or {rest} to which"
        " this certificate relates."
    )


_SIGN = "The holder must, on receipt of the certificate, sign it in ink with his usual signature."
_ADDRESS = (
    "The holder of the certificate must, without undue delay, inform the chief officer of police by"
    " whom the certificate was granted of any change in his permanent address."
)
_TEXTS = {
    StandardCondition.SIGN: dict.fromkeys(KINDS, _SIGN),
    StandardCondition.NOTIFY: {
        CertificateKind.FIREARM: _notify(
            "the theft, loss, deactivation or destruction of any firearms and/or the theft or loss"
            " of ammunition"
        ),
        CertificateKind.SHOTGUN: _notify(
            "the theft, loss, deactivation or destruction of any shotguns"
        ),
    },
    StandardCondition.ADDRESS: dict.fromkeys(KINDS, _ADDRESS),
    StandardCondition.STORAGE: {
        CertificateKind.FIREARM: _storage("firearms and ammunition", "a firearm or ammunition"),
        CertificateKind.SHOTGUN: _storage("shot guns", "a shot gun"),
    },
}
_SOURCES = {
    StandardCondition.SIGN: (_RULES_BEGAN, _SCOTTISH, False),
    StandardCondition.NOTIFY: (
        _NOTIFY_BEGAN,
        "Firearms (Amendment) Rules 2018, as quoted by the Metropolitan Police",
        True,
    ),
    StandardCondition.ADDRESS: (
        _RULES_BEGAN,
        "Firearms Rules 1998, rules 3(4)(iii) and 5(4)(iii), as quoted by Shooting Times (Bill"
        " Harriman, Moving house and gun certificates)",
        True,
    ),
    StandardCondition.STORAGE: (
        _STORAGE_BEGAN,
        "Paragraph (c): S.I. 2019/1419, rule 2. Paragraphs (a) and (b): Firearms Rules 1998, rules"
        " 3(4)(iv) and 5(4)(iv), as quoted by the British Association for Shooting and"
        " Conservation (Firearms security advice) and Gun Trade Insider",
        True,
    ),
}
BUILT_IN: tuple[Wording, ...] = tuple(
    Wording(
        code=code,
        certificate_kind=kind,
        text=text,
        in_force_from=_SOURCES[code][0],
        source=_SOURCES[code][1],
        is_confirmed=_SOURCES[code][2],
    )
    for code, by_kind in _TEXTS.items()
    for kind, text in by_kind.items()
)


def find_wording(
    wordings: Iterable[Wording], code: str, certificate_kind: str, *, on: date
) -> Wording | None:
    """Return the wording of a condition on a day: the latest in force; of one day, the last given.

    >>> found = find_wording(BUILT_IN, "notify", "shotgun", on=date(2026, 11, 27))
    >>> found is not None and "shotguns to which" in found.text
    True
    """
    in_force = [
        (wording.in_force_from, position, wording)
        for position, wording in enumerate(wordings)
        if (wording.code, wording.certificate_kind) == (code, certificate_kind)
        and wording.in_force_from <= on
    ]
    # The position decides between two of one day, which would be compared otherwise.
    return max(in_force, key=lambda row: row[:2], default=(None, 0, None))[2]


def check_in_force_from(in_force_from: date | None, *, today: date) -> str:
    """Return the code of what is wrong with the first day of a wording, or "".

    Certificates that were issued state what was in force on their day, so no wording is put in
    force for a day that has passed.
    """
    if in_force_from is None:
        return "firearms.wording_start_missing"
    return "firearms.wording_start_past" if in_force_from < today else ""
