"""The forms of a case as PDF: MG5, MG6C, MG9, MG11, MG12.

The input is `CaseData`. The output is archival (PDF/A-2a) and tagged (PDF/UA-1), and the same for
the same data. The front of an MG11 is served on the defence; its back is for the police and the
prosecutor only. A form that may be served never has an address, user text is never read as
mark-up, and only the fonts in this package are used.
"""

from bluelamp.casework.casefiles.documents.all_forms import Document, make_documents
from bluelamp.casework.casefiles.documents.lists import mg5, mg6c, mg9, mg12
from bluelamp.casework.casefiles.documents.statements import (
    DECLARATION,
    mg11,
    mg11_back,
    mg11_copy,
)

__all__ = [
    "DECLARATION",
    "Document",
    "make_documents",
    "mg5",
    "mg6c",
    "mg9",
    "mg11",
    "mg11_back",
    "mg11_copy",
    "mg12",
]
