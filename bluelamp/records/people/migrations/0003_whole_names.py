from django.contrib.postgres.indexes import HashIndex
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("people", "0002_safe_contact")]
    operations = [
        migrations.AddIndex(
            model_name="person",
            index=HashIndex(fields=["name_keys"], name="people_by_whole_name"),
        ),
    ]
