"""The permissions that evidence defines."""

from bluelamp.foundation.kernel.permission import Permission

PERMISSIONS = (
    Permission("upload.token", "be given an upload token", is_public=True),
    Permission("evidence.take_in", "hand in evidence", is_public=True),
    Permission("evidence.view", "see evidence"),
    Permission("evidence.copy", "copy an original"),
    Permission("evidence.preview", "make previews"),
    Permission("evidence.seal", "seal packages"),
)
