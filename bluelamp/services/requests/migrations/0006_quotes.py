import bluelamp.foundation.kernel.ids
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from bluelamp.foundation.kernel.database.append_only import append_only_triggers


class Migration(migrations.Migration):

    dependencies = [
        ('requests', '0005_answers_without_link'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='informationrequest',
            name='state',
            field=models.CharField(choices=[('awaiting-quote', 'awaiting-quote'), ('quoted', 'quoted'), ('awaiting-payment', 'awaiting-payment'), ('open', 'open'), ('delivered', 'delivered'), ('refused', 'refused'), ('withdrawn', 'withdrawn')], max_length=20),
        ),
        migrations.CreateModel(
            name='RequestQuote',
            fields=[
                ('id', models.UUIDField(default=bluelamp.foundation.kernel.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveSmallIntegerField()),
                ('lines', models.JSONField(help_text='The fees, each with its title, quantity and pence.')),
                ('total_pence', models.PositiveIntegerField()),
                ('note', models.TextField(blank=True, help_text='What the person reads beside the price.')),
                ('quoted_at', models.DateTimeField()),
                ('quoted_by_name', models.CharField(max_length=200)),
                ('quoted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quotes', to='requests.informationrequest')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('request', 'number'), name='a_quote_has_its_number'), models.CheckConstraint(condition=models.Q(('total_pence__gt', 0)), name='a_quote_costs_something')],
            },
        ),
        *append_only_triggers("requests_requestquote"),
    ]
