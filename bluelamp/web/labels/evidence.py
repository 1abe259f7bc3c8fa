"""What people read for the codes of evidence."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bluelamp.records.evidence.rules import ScanVerdict, Shot, Verb

CONTINUITY_VERBS: Mapping[str, Promise] = {
    Verb.RECEIVED: _("Received"),
    Verb.SEALED: _("Sealed"),
    Verb.VIEWED: _("Viewed"),
    Verb.COPIED: _("Copied"),
    Verb.PREVIEWED: _("Preview made"),
    Verb.EXHIBITED: _("Exhibit reference given"),
    Verb.HANDED_OVER: _("Handed over"),
    Verb.DISPOSED: _("Disposed of"),
}
SCAN_VERDICTS: Mapping[str, Promise] = {
    ScanVerdict.NOT_SCANNED: _("Not scanned"),
    ScanVerdict.CLEAN: _("Clean"),
    ScanVerdict.INFECTED: _("Infected"),
}
SHOTS: Mapping[str, Promise] = {
    Shot.OVERVIEW: _("Overview"),
    Shot.CLOSE_UP: _("Close-up"),
    Shot.SCALE: _("Close-up with a scale"),
}
_FILE_KINDS = {"image": "photo", "video": "video", "audio": "audio"}


def continuity_verb_label(verb: str) -> str:
    """Return what a continuity line did, or the verb itself if it is one we do not know."""
    return str(CONTINUITY_VERBS.get(verb, verb))


def file_kind(media_type: str) -> str:
    """Return the gallery's kind of a file: photo, video, audio or file.

    It takes a whole media type or only its family.

    >>> file_kind("image/jpeg")
    'photo'
    """
    return _FILE_KINDS.get(media_type.partition("/")[0], "file")
