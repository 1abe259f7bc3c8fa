"""The force's own name, which stands on everything that the public sees."""

from django.conf import settings
from django.utils.translation import gettext as _

from bluelamp.records.reference.lookups import get_force

_names: dict[str, str] = {}


def force_name() -> str:
    """Return the name of the force that this site is for, as people say it.

    The reference data names it, and is cached.
    """
    force = get_force(settings.BLUELAMP_FORCE)
    if force is not None:
        _names[settings.BLUELAMP_FORCE] = police_name(force.name)
    return last_force_name()


def last_force_name() -> str:
    """Return the name as it was last read, without a look at the database: for error pages."""
    return _names.get(settings.BLUELAMP_FORCE) or _("Police")


def force_with_article() -> str:
    """Return the name as it stands inside a sentence.

    It is "the Metropolitan Police Service", but "Kent Police".
    """
    name = force_name()
    return _("the %(force)s") % {"force": name} if name.endswith(" Service") else name


def police_name(name: str) -> str:
    """Return a force's name with the word "police", where the reference data leaves it out."""
    # "olice" also matches "Police Service" and "Metropolitan Police".
    return name if "olice" in name else _("%(name)s Police") % {"name": name}
