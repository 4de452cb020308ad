from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0003_source'),
    ]

    operations = [
        migrations.RunSQL(Path(__file__).parents[1].joinpath("bigrams.sql").read_text("utf-8")),
    ]
