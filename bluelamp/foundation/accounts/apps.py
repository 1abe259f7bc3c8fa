from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "bluelamp.foundation.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Collect every domain's permissions, and register the checks on them."""
        from bluelamp.foundation.accounts import checks  # noqa: F401 - registers the checks
        from bluelamp.foundation.accounts.registry import collect_permissions

        collect_permissions()
