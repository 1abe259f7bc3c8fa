"""The whole application for a web server that tests start. It needs no database until a page
does.
"""

import django

django.setup()

from bluelamp.web.serving import application as serving  # noqa: E402

serving._warm_up = lambda: None
application = serving.Application()
