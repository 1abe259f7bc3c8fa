"""The case as the forms that prosecutors and courts know (MG5, MG6C, MG9, MG11, MG12), as PDF.

In: `CaseFacts`. Out: PDF bytes, archival (PDF/A-2a) and tagged (PDF/UA-1), the same for the same
facts. Words: the front of an MG11 is served on the defence; its back is for police and prosecutor
only. Never: an address on anything that may be served; user text read as mark-up; a font of the
machine it runs on.
"""

from bluelamp.casework.casefiles.documents.all_forms import Document, documents_of
from bluelamp.casework.casefiles.documents.lists import mg5, mg6c, mg9, mg12
from bluelamp.casework.casefiles.documents.statements import DECLARATION, mg11, mg11_back

__all__ = [
    "DECLARATION",
    "Document",
    "documents_of",
    "mg5",
    "mg6c",
    "mg9",
    "mg11",
    "mg11_back",
    "mg12",
]
