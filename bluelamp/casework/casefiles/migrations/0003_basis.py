"""How far the record went that a package was made from."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('casefiles', '0002_kept'),
    ]

    operations = [
        migrations.AddField(
            model_name='casefileversion',
            name='basis',
            field=models.CharField(blank=True, help_text='How far the record went that it was made from.', max_length=200),
        ),
    ]
