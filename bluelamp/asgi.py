"""The application that the web server runs. See `bluelamp/web/serving`."""

import os

import django

from bluelamp.foundation.kernel.collector import pause_collector

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bluelamp.settings")
with pause_collector():
    django.setup(set_prefix=False)

    # Only now: these import models.
    from bluelamp.web.serving.application import Application
    from bluelamp.web.serving.server_process import end_with_parent_process, keep_freed_memory

end_with_parent_process()
keep_freed_memory()
application = Application()
