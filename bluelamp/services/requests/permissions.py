"""The permissions that requests define."""

from bluelamp.foundation.kernel.permission import Permission

PERMISSIONS = (
    Permission("request.make", "ask for information", is_public=True),
    Permission("request.track", "follow one's own request for information", is_public=True),
    Permission("request.download", "download what a link delivers", is_public=True),
    Permission("request.start", "start work on a request that is paid"),
    Permission("request.view", "see requests for information"),
    Permission("request.fulfil", "send what people asked for, or refuse it"),
    Permission("request.edit_services", "change which information people can ask for"),
)
