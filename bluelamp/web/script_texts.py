"""The sentences that scripts show: each page carries them as data for `static/js/texts.js`."""

from collections.abc import Mapping
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

SCRIPT_TEXTS: Mapping[str, Promise] = {
    # upload.js
    "file_too_big": _("This file is too big"),
    "file_empty": _("This file is empty. Choose a different file"),
    "file_unreadable": _("We can no longer read this file. Choose it again"),
    "file_damaged": _("This file was damaged on the way. Choose it again"),
    "file_uploading": _("Uploading %(name)s"),
    "file_removed": _("%(name)s removed."),
    "file_problem": _("%(name)s: %(problem)s"),
    "file_received": _("%(name)s received."),
    "remove": _("Remove"),
    "try_again": _("Try again"),
    "preparing": _("Preparing"),
    "preparing_part": _("Preparing: %(done)s of %(total)s"),
    "uploaded_part": _("Uploaded %(done)s of %(total)s"),
    "received": _("Received, %(size)s"),
    "poor_connection": _(
        "Your connection is poor. We’re trying again, and we’ve kept what you’ve sent so far."
    ),
    "no_connection": _("No connection. We’ve kept what you’ve sent so far."),
    "file_no_connection": _("%(name)s: no connection. Select Try again when you’re back online."),
    "unfinished_file": _("A file you chose before"),
    "not_finished": _("Not finished, %(size)s. Choose it again to continue from where it stopped."),
    "still_uploading": _(
        "We’re still uploading your files. Please wait: we’ll take you to the next page when "
        "they’ve all arrived."
    ),
    # combobox.js
    "suggestion_keys": _(
        "When suggestions appear, use the up and down arrow keys to review them and Enter to "
        "select."
    ),
    "no_results": _("No results. Try fewer letters or a different word."),
    "one_result": _("1 result available"),
    "many_results": _("%(count)s results available"),
    "no_suggestions": _("We cannot load suggestions. You can continue with what you’ve entered."),
    "place_map": _("Map with a pin at %(place)s"),
    # autosave.js
    "draft_saved": _("Draft saved on this computer"),
    "draft_not_saved": _("We could not save a draft. Submit the form before you leave this page."),
    "draft_restored": _("We’ve filled in your earlier draft"),
    # save_answers.js
    "answers_saved": _("Answers saved"),
    "answers_not_saved": _("We could not save your answers. Continue to try again."),
    # watch.js
    "server_unreachable": _("We cannot reach the server. Trying again."),
    # passkey.js
    "passkey_exists": _("This device already has a passkey for you"),
    "passkey_stopped": _("We did not get a passkey. Try again, or use another way"),
    # idle.js
    "sign_in_stopped": _("We could not sign you in. Try again"),
    # shortcuts.js
    "shortcuts": _("Keyboard shortcuts"),
    "shortcuts_on": _("Use keyboard shortcuts on this device"),
    "shortcuts_list": _("Show this list"),
    "shortcuts_hint": _("Shortcuts work when you’re not typing in a field."),
    "close": _("Close"),
}


def script_texts() -> Mapping[str, str]:
    """Return the sentences in the language of this request."""
    return _script_texts_in(get_language())


@lru_cache(maxsize=8)
def _script_texts_in(language: str | None) -> Mapping[str, str]:
    return {key: str(text) for key, text in SCRIPT_TEXTS.items()}
