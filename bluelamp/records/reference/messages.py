"""What people read for the problems that reference data and its rules find."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "vrm_missing": _("Enter a registration number"),
    "vrm_too_long": _("Registration number must be %(max_length)s characters or fewer"),
    "postcode_invalid": _("Enter a full UK postcode, like SE15 4QL"),
    "coordinate_not_number": _("Position must be a number"),
    "position_invalid": _("Position must be a latitude and a longitude"),
    "grid_reference_invalid": _("Position must be on the National Grid"),
    "table_unknown": _("Select a table from the list"),
    "column_not_amendable": _("%(column)s cannot be changed"),
    "nothing_changes": _("Change at least one value"),
    "valid_from_too_early": _("The date it is valid from must be after %(valid_from)s"),
}
