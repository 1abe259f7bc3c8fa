"""The URLs of the officer app. Under the API, every answer is success or problem+json."""

from django.urls import path

from bluelamp.web.officer import shell
from bluelamp.web.officer.api import api

urlpatterns = [
    *api.url_patterns("api/officer/v1"),
    path("officer/", shell.shell, name="officer"),
    path("officer/<path:path>", shell.shell),
]
