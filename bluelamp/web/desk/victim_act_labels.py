"""What acts about victims, and about following a case, are called on screen."""

# fmt: off
VICTIM_ACT_LABELS = {
    "tracking.address_confirmed": "Entered a code to confirm an address",
    "tracking.code_checked": "Checked a tracking code",
    "tracking.code_requested": "Asked for a tracking code",
    "tracking.code_sent": "Sent a tracking code",
    "tracking.codes_swept": "Deleted expired tracking codes",
    "tracking.confirmation_requested": "Asked for a code to confirm an address",
    "tracking.contact_stopped": "Said it is no longer safe to contact them",
    "tracking.ended": "Stopped tracking a case",
    "tracking.passphrase_checked": "Checked a tracking passphrase",
    "tracking.passphrase_chosen": "Chose a tracking passphrase",
    "victim.contact_recorded": "Recorded a contact with a victim",
    "victim.due_listed": "Viewed what is due to the victims of their crimes",
    "victim.due_viewed": "Viewed what is due to the victims of a crime",
    "victim.informed": "Told someone the news of their case",
    "victim.old_contact_told": "Told an address that another one counts now",
}
