from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("crimes", "0003_told_of_items")]

    operations = [
        migrations.AddField(
            model_name="crime",
            name="is_against_the_state",
            field=models.BooleanField(default=False),
        ),
    ]
