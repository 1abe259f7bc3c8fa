"""What people read for the problems that reference data and its rules find."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "vrm_missing": _("Enter a registration number"),
    "vrm_too_long": _("Registration number must be %(max_length)s characters or fewer"),
    "postcode_invalid": _("Enter a full UK postcode, like SE15 4QL"),
    "imei_missing": _("Enter an IMEI number"),
    "imei_length": _("IMEI number must be 15 digits, like 490154203237518"),
    "imei_invalid": _("Check the IMEI number because a digit is wrong"),
    "vin_missing": _("Enter a vehicle identification number (VIN)"),
    "vin_length": _("Vehicle identification number (VIN) must be 17 letters and numbers"),
    "vin_invalid": _("Check the vehicle identification number (VIN) because a character is wrong"),
    "frame_missing": _("Enter a frame number"),
    "frame_invalid": _("Frame number must be at least 3 letters and numbers"),
    "frame_too_long": _("Frame number must be %(max_length)s characters or fewer"),
    "serial_missing": _("Enter a serial number"),
    "serial_invalid": _("Serial number must be at least 3 letters and numbers"),
    "serial_too_long": _("Serial number must be %(max_length)s characters or fewer"),
    "card_number": _("Do not enter a bank card number"),
    "coordinate_not_number": _("Position must be a number"),
    "place_text_label": _("Postcode or street"),
    "address_label": _("Address"),
    "place_detail_label": _("Description of the place"),
    "position_invalid": _("Position must be a latitude and a longitude"),
    "grid_reference_invalid": _("Position must be on the National Grid"),
    "table_unknown": _("Select a table from the list"),
    "column_not_amendable": _("%(column)s cannot be changed"),
    "nothing_changes": _("Change at least one value"),
    "valid_from_too_early": _("The date it is valid from must be after %(valid_from)s"),
}
