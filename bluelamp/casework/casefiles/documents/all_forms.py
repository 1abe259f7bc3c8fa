"""All forms of a case, with their names in the package."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from bluelamp.casework.casefiles.case_data import CaseData
from bluelamp.casework.casefiles.documents.lists import mg5, mg6c, mg9, mg12
from bluelamp.casework.casefiles.documents.statements import mg11, mg11_back


@dataclass(frozen=True, kw_only=True)
class Document:
    """A form as PDF. `may_be_served` is False if the defence must not have it unedited."""

    name: str
    title: str
    pdf: bytes
    may_be_served: bool = True


def _ascii_name(name: str) -> str:
    # NFKD takes "é" apart into "e" and an accent, which ASCII then leaves out.
    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^A-Za-z0-9]+", "-", ascii_only).strip("-")[:40]


def make_documents(*, case: CaseData) -> tuple[Document, ...]:
    """Return all forms of a case: MG5, MG6C, MG9, MG12, and two for each statement: the front and
    the back of its MG11.
    """
    forms = [
        Document(name="MG5.pdf", title="Police report", pdf=mg5(case=case)),
        Document(name="MG6C.pdf", title="Schedule of unused material", pdf=mg6c(case=case)),
        Document(name="MG9.pdf", title="Witness list", pdf=mg9(case=case)),
        Document(name="MG12.pdf", title="Exhibit list", pdf=mg12(case=case)),
    ]
    # The number keeps apart two statements of one person, or of people of one name.
    for number, statement in enumerate(case.statements, start=1):
        stem = "-".join(
            part for part in ("MG11", f"{number:02}", _ascii_name(statement.maker_name)) if part
        )
        front = mg11(case=case, statement=statement)
        back = mg11_back(case=case, statement=statement)
        title = f"Statement of {statement.maker_name}"
        forms.append(Document(name=f"{stem}.pdf", title=title, pdf=front))
        forms.append(
            Document(
                # The name says it too, for whoever sees only a list of files.
                name=f"{stem}-back-not-for-disclosure.pdf",
                title=f"{title}, back",
                pdf=back,
                may_be_served=False,
            )
        )
    return tuple(forms)
