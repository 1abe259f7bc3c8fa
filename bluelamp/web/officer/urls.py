"""The addresses of the officer app's door. Under the API every answer that is not a success is a
problem.
"""

from django.urls import path

from bluelamp.web.officer import shell
from bluelamp.web.officer.api import api

urlpatterns = [
    *api.addresses("api/officer/v1"),
    path("officer/", shell.shell, name="officer"),
    path("officer/<path:path>", shell.shell),
]
