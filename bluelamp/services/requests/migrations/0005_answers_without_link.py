from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('requests', '0004_large_queue')]

    operations = [
        migrations.AlterField(
            model_name='delivery',
            name='secret_sha256',
            field=models.CharField(max_length=64, null=True, unique=True),
        ),
    ]
