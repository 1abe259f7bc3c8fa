"""A stand-in for GOV.UK Notify: it stores messages in a folder and sends none of them.

In: `POST /v2/notifications/email`, `/sms` and `/letter`, `GET /v2/notifications`,
`/v2/notifications/{id}` and its `/pdf`, `/v2/templates`, `/v2/template/{id}`,
`POST /v2/template/{id}/preview`, each with a bearer token as the real service checks it.
Out: answers and errors in the shape of the published OpenAPI
(alphagov/notifications-tech-docs, openapi/publicapi_spec.json).

An address that begins `temp-fail` or `perm-fail`, or the numbers 07700 900003 and 07700
900002, fail as the real service's test addresses do; every other message counts as delivered as
soon as its status is asked for. The real service has no such addresses for letters: here one to
`Perm Fail`, `Tech Fail` or `Returned` ends so, and every other is posted (`received`) at once.
"""

from sandbox.notify.server import make_server
from sandbox.notify.service import DEMO_KEY, Notify

__all__ = ["DEMO_KEY", "Notify", "make_server"]
