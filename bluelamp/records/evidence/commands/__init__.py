"""What is done with evidence, one file for each verb.

`write_continuity` and `receive_item_within_command` are parts of other domains' commands, which
check the permission and record the act.
"""

from bluelamp.records.evidence.commands.continuity import record_continuity, write_continuity
from bluelamp.records.evidence.commands.disposing import dispose_of_subject
from bluelamp.records.evidence.commands.opening import (
    OpenedFile,
    open_original,
    open_original_within_command,
    open_preview,
)
from bluelamp.records.evidence.commands.previews import save_item_previews, scan_and_preview_item
from bluelamp.records.evidence.commands.published_keys import publish_log_key
from bluelamp.records.evidence.commands.receiving import (
    ItemClaims,
    NewItem,
    ReceivedItem,
    get_or_create_blob,
    receive_item,
    receive_item_within_command,
    withdraw_item,
)
from bluelamp.records.evidence.commands.seal import seal_continuity
from bluelamp.records.evidence.commands.tokens import (
    UploadToken,
    issue_upload_token,
    read_upload_token,
    require_token_holder,
)
from bluelamp.records.evidence.commands.uploading import (
    begin_upload,
    cancel_upload,
    expire_uploads,
    finish_upload,
    refuse_upload,
)

__all__ = [
    "ItemClaims",
    "NewItem",
    "OpenedFile",
    "ReceivedItem",
    "UploadToken",
    "begin_upload",
    "cancel_upload",
    "dispose_of_subject",
    "expire_uploads",
    "finish_upload",
    "get_or_create_blob",
    "issue_upload_token",
    "open_original",
    "open_original_within_command",
    "open_preview",
    "publish_log_key",
    "read_upload_token",
    "receive_item",
    "receive_item_within_command",
    "record_continuity",
    "refuse_upload",
    "require_token_holder",
    "save_item_previews",
    "scan_and_preview_item",
    "seal_continuity",
    "withdraw_item",
    "write_continuity",
]
