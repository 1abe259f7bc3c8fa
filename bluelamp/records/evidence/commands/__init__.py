"""What is done with evidence, one file a verb.

Inside another room's command, which has settled permission already, continuity is written with
`write_continuity`.
"""

from bluelamp.records.evidence.commands.continuity import note_continuity, write_continuity
from bluelamp.records.evidence.commands.opening import Opened, open_original, open_preview
from bluelamp.records.evidence.commands.previews import make_item_previews
from bluelamp.records.evidence.commands.seal import seal_continuity
from bluelamp.records.evidence.commands.take_in import About, take_in
from bluelamp.records.evidence.commands.tokens import (
    UploadToken,
    issue_upload_token,
    read_upload_token,
)
from bluelamp.records.evidence.commands.uploading import (
    begin_upload,
    end_upload,
    finish_upload,
    refuse_upload,
    sweep_uploads,
)

__all__ = [
    "About",
    "Opened",
    "UploadToken",
    "begin_upload",
    "end_upload",
    "finish_upload",
    "issue_upload_token",
    "make_item_previews",
    "note_continuity",
    "open_original",
    "open_preview",
    "read_upload_token",
    "refuse_upload",
    "seal_continuity",
    "sweep_uploads",
    "take_in",
    "write_continuity",
]
