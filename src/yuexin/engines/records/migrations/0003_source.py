from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0002_superseded'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='record',
            index=BrinIndex(
                autosummarize=True,
                fields=['delivery', 'row'],
                name='record_source',
                opclasses=['int8_minmax_multi_ops', 'int8_minmax_multi_ops'],
            ),
        ),
    ]
