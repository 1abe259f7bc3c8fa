"""When a look at a case that a code opened was ended, before its two hours were over."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("victims", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="trackingcode", name="ended_at", field=models.DateTimeField(null=True)
        ),
    ]
