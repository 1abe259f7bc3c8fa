from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("victims", "0002_passphrases"),
    ]

    operations = [
        migrations.AddField(
            model_name="trackingcode",
            name="address_key",
            field=models.CharField(blank=True, db_default="", max_length=254),
        ),
        migrations.AddField(
            model_name="trackingcode",
            name="browser_hash",
            field=models.CharField(blank=True, db_default="", max_length=64),
        ),
    ]
