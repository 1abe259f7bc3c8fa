"""What is done with question sets and with forms that somebody fills in."""

from bluelamp.foundation.forms.commands.drafts import (
    delete_form_draft,
    save_form_draft,
    start_form_draft,
)
from bluelamp.foundation.forms.commands.sets import (
    load_question_set,
    put_in_force,
    sync_built_in_sets,
)

__all__ = [
    "delete_form_draft",
    "load_question_set",
    "put_in_force",
    "save_form_draft",
    "start_form_draft",
    "sync_built_in_sets",
]
