"""Who may see which files: people of the force, the sender's own among them."""

from bluelamp.foundation.accounts.policy import Policy
from bluelamp.services.phone_files.models import PhoneFile


class PhoneFilePolicy(Policy[PhoneFile]):
    """Files for the actor's force."""

    model = PhoneFile
    not_found = "There is no such file from a phone."


phone_file_policy = PhoneFilePolicy()
