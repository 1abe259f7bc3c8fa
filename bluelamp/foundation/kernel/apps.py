from importlib import import_module

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule


class KernelConfig(AppConfig):
    name = "bluelamp.foundation.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Register the system checks, the nightly retention job and the messages."""
        from bluelamp.foundation.kernel import checks, retention  # noqa: F401

        _collect_messages()


def _collect_messages() -> None:
    """Register the sentences of every app that has a `messages.py`, under the app's label."""
    from bluelamp.foundation.kernel.problems import register_messages

    for config in apps.get_app_configs():
        if config.name.startswith("bluelamp.") and module_has_submodule(config.module, "messages"):
            module = import_module(f"{config.name}.messages")
            # A domain may also have sentences that are not problems, in mappings of their own.
            register_messages(config.label, getattr(module, "MESSAGES", {}))
