from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "bluelamp.foundation.accounts"
    label = "accounts"
