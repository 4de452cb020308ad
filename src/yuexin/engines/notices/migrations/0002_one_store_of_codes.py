"""Codes are kept by the accounts' engine alone, and telephone numbers in one form."""

import django.db.models.deletion
from django.db import migrations, models

# A code is good for ten minutes: whoever waits for one asks again.
FORGET = "DELETE FROM notice_contact_code"
ONE_FORM = """
UPDATE notice_contact SET address = '+86' || address
WHERE channel = 'sms' AND address ~ '^1[3-9][0-9]{9}$'
"""


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0007_texted_code'),
        ('notices', '0001_initial'),
    ]

    operations = [
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
        migrations.RunSQL(ONE_FORM, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name='contactcode',
            name='notice_contact_code_tries',
        ),
        migrations.RemoveField(model_name='contactcode', name='digest'),
        migrations.RemoveField(model_name='contactcode', name='expires_at'),
        migrations.RemoveField(model_name='contactcode', name='tries_left'),
        migrations.AddField(
            model_name='contactcode',
            name='code',
            field=models.OneToOneField(default=None, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='access.textedcode'),
            preserve_default=False,
        ),
    ]
