"""The permissions that forms define. `reference.edit`, of reference data, guards question sets."""

from bluelamp.foundation.kernel.permission import Permission

PERMISSIONS = (
    Permission("form.fill_in", "fill in a form, and save it to finish later", is_public=True),
)
