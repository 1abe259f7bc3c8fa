import bluelamp.foundation.kernel.ids
from django.db import migrations, models

from bluelamp.foundation.kernel.database.append_only import append_only_triggers


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0005_language"),
    ]

    operations = [
        migrations.AddField(
            model_name="onetimecode",
            name="address_key",
            field=models.CharField(blank=True, db_default="", max_length=254),
        ),
        migrations.AddField(
            model_name="onetimecode",
            name="browser_hash",
            field=models.CharField(blank=True, db_default="", max_length=64),
        ),
        migrations.CreateModel(
            name="ConfirmedAddress",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=bluelamp.foundation.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("owner_kind", models.CharField(max_length=40)),
                ("owner_id", models.UUIDField()),
                ("address_key", models.CharField(max_length=254)),
                ("confirmed_at", models.DateTimeField()),
                ("method", models.CharField(max_length=20)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner_kind", "owner_id", "address_key"),
                        name="an_address_is_confirmed_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WrongFacts",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=bluelamp.foundation.kernel.ids.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("owner_kind", models.CharField(max_length=40)),
                ("owner_id", models.UUIDField()),
                ("tried_at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["owner_kind", "owner_id", "-tried_at"],
                        name="notificatio_owner_k_5d2ff7_idx",
                    )
                ],
            },
        ),
        *append_only_triggers("notifications_confirmedaddress"),
    ]
