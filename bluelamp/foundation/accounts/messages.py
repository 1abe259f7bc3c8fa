"""What people read when an account's or a sign-in's input is wrong."""

from django.utils.translation import gettext_lazy as _

MESSAGES = {
    "too_many_attempts": _(
        "You have tried to sign in too many times. Wait 15 minutes and try again, or contact your "
        "service desk"
    ),
    "role_unknown": _("Select a role from the list"),
    "organisation_unknown": _("Select an organisation from the list"),
    "deactivated": _("%(user_name)s is deactivated. Reactivate the account first"),
    "already_deactivated": _("%(user_name)s is already deactivated"),
    "already_active": _("%(user_name)s is already active"),
    "password_too_short": _("Password must be %(min_length)s characters or more"),
    "password_too_long": _("Password must be %(max_length)s characters or fewer"),
    "password_common": _("Enter a password that is harder to guess. For example, use 3 words"),
    "password_about_you": _(
        "Enter a password that is not made of your name, your force or your work"
    ),
    "last_sign_in_method": _(
        "This is your only way to sign in. Set up another one before you remove it"
    ),
    "password_wrong": _("Enter your current password"),
    "code_wrong": _("Enter the 6-digit code that your app shows now"),
    "own_account": _("This is your own account. Ask a colleague to do this"),
    "name_missing": _("Enter their name"),
    "name_too_long": _("Name must be %(max_length)s characters or fewer"),
    "rank_too_long": _("Rank must be %(max_length)s characters or fewer"),
    "collar_too_long": _("Collar number must be %(max_length)s characters or fewer"),
    "unit_too_long": _("Unit must be %(max_length)s characters or fewer"),
    "username_missing": _("Enter a user name"),
    "username_invalid": _(
        "User name must be 60 characters or fewer, start with a letter or number, and only include "
        "small letters a to z, numbers, full stops, hyphens, underscores and @"
    ),
    "username_not_plain": _(
        "User name must not have invisible characters, or ones that look like others"
    ),
    "roles_missing": _("Select at least one role"),
    "username_taken": _("Enter a user name that is not in use"),
    "group_name_taken": _("Enter a group name that is not in use"),
    "token_exists": _("%(name)s has a token already. Revoke it first"),
    "member_unknown": _("Select members who have an account"),
    "device_name_label": _("The name of this phone"),
    "device_reason_label": _("The reason"),
    "device_name_missing": _("Enter a name for this phone"),
    "device_reason_missing": _("Enter the reason"),
    "device_key_invalid": _("The public key must be an ECDSA P-256 key"),
    "device_key_differs": _("This phone is already enrolled with another key"),
    "too_many_devices": _(
        "You already use %(max_devices)s devices: %(names)s. Report one of them lost, or ask the "
        "crime desk to block one that you no longer use"
    ),
    "device_not_blocked": _("This device is not blocked"),
    "device_wipe_ordered": _("The device has been told to wipe itself already"),
    "device_no_wipe_order": _("There is no order to wipe this device"),
    "device_has_unsent_work": _(
        "There may be work on this device that has not been sent. Confirm that it is lost"
    ),
    "device_is_own": _("This is your own device. Ask a colleague to do this"),
    "device_officer_deactivated": _(
        "The officer’s account is deactivated. Reactivate the account first"
    ),
}
