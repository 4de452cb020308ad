from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [('releases', '0002_version')]

    operations = [
        migrations.AddIndex(
            model_name='releaserow',
            index=BrinIndex(autosummarize=True, fields=['shown_from'], name='public_row_shown_from'),
        ),
    ]
