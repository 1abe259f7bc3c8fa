"""The upload application alone, for a web server that tests start."""

import os
import resource

import django

django.setup()
if limit := os.environ.get("TEST_FILE_LIMIT"):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))

from bluelamp.records.evidence.uploads import application  # noqa: E402, F401
