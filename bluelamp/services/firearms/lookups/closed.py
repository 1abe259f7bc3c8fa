"""Whether an application is closed without a certificate, for the page of its payment."""

from datetime import datetime
from uuid import UUID

from bluelamp.foundation.audit.acts import lookup, record_act
from bluelamp.foundation.kernel.actor import Actor
from bluelamp.services.firearms.models import Application
from bluelamp.services.firearms.rules.stages import Stage


@lookup(permission="firearms.track", act="firearms.stage_viewed")
def is_application_closed(*, actor: Actor, at: datetime, application_id: UUID) -> bool:
    """Say whether an application was refused or withdrawn. False where there is none."""
    application = Application.objects.filter(force=actor.force, id=application_id).first()
    record_act(application, ref=application.reference if application else "")
    return application is not None and application.stage in {Stage.REFUSED, Stage.WITHDRAWN}
