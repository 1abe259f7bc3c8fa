from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0002_triggers'),
    ]

    operations = [
        migrations.AddField(
            model_name='informationrequest',
            name='language',
            field=models.CharField(db_default='en', default='en', max_length=2),
        ),
    ]
