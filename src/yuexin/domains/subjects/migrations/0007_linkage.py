import polars as pl
from django.db import migrations, models

from yuexin.domains.subjects.linkage.parts import cores

NEXT = """
SELECT subject, key FROM subject_name WHERE (subject, key) > (%s, %s) ORDER BY subject, key
LIMIT 20000
"""
FILL = """
UPDATE subject_name n SET core = f.core, sound = f.sound
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[]) f(subject, key, core, sound)
WHERE n.subject = f.subject AND n.key = f.key
"""


def fill(apps, editor):
    """A pure function of the name, so that a rebuild gives the same."""
    last = ("00000000-0000-0000-0000-000000000000", "")
    with editor.connection.cursor() as cursor:
        while True:
            cursor.execute(NEXT, last)
            if not (rows := cursor.fetchall()):
                return
            subjects, keys = map(list, zip(*rows, strict=True))
            found = cores(pl.Series("key", keys, dtype=pl.String))
            told = [subjects, keys, found["core"].to_list(), found["sound"].to_list()]
            cursor.execute(FILL, told)
            last = rows[-1]


class Migration(migrations.Migration):

    dependencies = [
        ('subjects', '0006_whole_names'),
    ]

    operations = [
        migrations.AddField('subjectname', 'core', models.TextField(default='')),
        migrations.AddField('subjectname', 'sound', models.TextField(default='')),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex('subjectname', models.Index(fields=['core'], name='subject_name_core')),
        migrations.AddIndex('subjectname', models.Index(fields=['sound'], name='subject_name_sound')),
    ]
