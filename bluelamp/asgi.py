"""The application that the web server runs. See `bluelamp/web/serving`."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bluelamp.settings")
django.setup(set_prefix=False)

# Only now: these import models.
from bluelamp.web.serving.application import Application  # noqa: E402
from bluelamp.web.serving.server_process import (  # noqa: E402
    end_with_parent_process,
    keep_freed_memory,
)

end_with_parent_process()
keep_freed_memory()
application = Application()
