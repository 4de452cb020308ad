from pathlib import Path

from django.db import migrations, models

MARK = """
UPDATE subject SET named_after_person = true FROM subject_name n
WHERE n.subject = subject.id AND n.name = subject.name AND NOT n.searchable
"""


class Migration(migrations.Migration):

    dependencies = [
        ('subjects', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='subject',
            name='named_after_person',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunSQL(Path(__file__).parents[1].joinpath("functions.sql").read_text("utf-8")),
        migrations.RunSQL(MARK),
    ]
