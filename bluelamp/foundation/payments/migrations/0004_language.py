from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('payments', '0003_closed_by'),
    ]

    operations = [
        migrations.AddField(
            model_name='payment',
            name='language',
            field=models.CharField(db_default='en', default='en', max_length=2),
        ),
    ]
