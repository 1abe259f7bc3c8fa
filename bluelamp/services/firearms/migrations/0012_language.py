from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('firearms', '0011_stages_by_time'),
    ]

    operations = [
        migrations.AddField(
            model_name='application',
            name='language',
            field=models.CharField(db_default='en', default='en', max_length=2),
        ),
        migrations.AddField(
            model_name='savedapplication',
            name='language',
            field=models.CharField(db_default='en', default='en', max_length=2),
        ),
        migrations.AddField(
            model_name='certificate',
            name='language',
            field=models.CharField(
                db_default='en', default='en', help_text="Of our messages: at first the application's.", max_length=2
            ),
        ),
    ]
