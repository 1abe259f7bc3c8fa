"""Each test process has a var folder of its own: no worker finds another's files in its evidence
store.
"""

import os

from django.conf import settings


def test_the_settings_name_this_process_s_folder() -> None:
    assert str(settings.BLUELAMP_VAR) == os.environ["BLUELAMP_VAR"]
