"""Keeps the rest of the back of MG11, whose language a statement is in, and impact statements."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('investigations', '0005_officer_signature'),
    ]

    operations = [
        migrations.AlterField(
            model_name='statement',
            name='kind',
            field=models.CharField(choices=[('statement', 'statement'), ('victim-personal-statement', 'victim-personal-statement'), ('impact-statement-for-business', 'impact-statement-for-business')], max_length=30),
        ),
        migrations.AddField(
            model_name='statement',
            name='original_language',
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
        migrations.AddField(
            model_name='statement',
            name='original_text',
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name='statement',
            name='interpreter_name',
            field=models.CharField(blank=True, db_default="", default="", max_length=241),
        ),
        migrations.AddField(
            model_name='statementback',
            name='ensure_attendance',
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            model_name='statementback',
            name='particular_needs',
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
        migrations.AddField(
            model_name='statementback',
            name='guardian_name',
            field=models.CharField(blank=True, db_default="", default="", max_length=241),
        ),
        migrations.AddField(
            model_name='statementback',
            name='guardian_contact',
            field=models.CharField(blank=True, db_default="", default="", max_length=254),
        ),
        migrations.AddField(
            model_name='statementback',
            name='is_vps_leaflet_given',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='statementback',
            name='consents_to_medical_records',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='statementback',
            name='consents_to_defence',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='statementback',
            name='consents_to_civil_proceedings',
            field=models.BooleanField(null=True),
        ),
        migrations.AddField(
            model_name='statementback',
            name='consents_to_support',
            field=models.BooleanField(null=True),
        ),
    ]
