from pathlib import Path

from django.db import migrations, models

from yuexin.base.codes import SOLE_TRADER_PREFIX
from yuexin.domains.subjects.sounding import cues

# The states in which registrars say that somebody has ended; a rebuild asks the declarations.
RANK_SUBJECTS = f"""
UPDATE subject s SET prominence = prominence(
    r.body->>'state' IN ('2', '3', '4', '5', '6', 'cancelled', 'annulled', 'revoked'),
    r.body->>'reg_capital', s.est_date, starts_with(s.code, '{SOLE_TRADER_PREFIX}'))
FROM record r
WHERE r.subject = s.id AND r.delivery = s.delivery AND r.row = s.row
"""
RANK_NAMES = """
UPDATE subject_name n SET rank = name_rank(s.prominence, n.valid_until IS NOT NULL, n.key),
    grams = n.grams || h.cues
FROM subject s, heard h
WHERE s.id = n.subject AND h.key = n.key
"""
# Officers find whom a person represents; the records themselves are the index.
LEGAL_REPRESENTATIVES = """
CREATE INDEX record_legal_rep ON record ((body->>'legal_rep'))
WHERE kind = 'registration' AND superseded_at IS NULL AND body ? 'legal_rep'
"""


def rank(apps, schema_editor):
    """Give what stands in the tables its rank and its cues."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT key FROM subject_name")
        keys = [key for (key,) in cursor.fetchall()]
        cursor.execute("CREATE TEMP TABLE heard (key text PRIMARY KEY, cues text[])")
        with cursor.copy("COPY heard (key, cues) FROM STDIN") as copy:
            for key in keys:
                copy.write_row((key, list(cues(key))))
        cursor.execute(RANK_SUBJECTS)
        cursor.execute(RANK_NAMES)
        cursor.execute("DROP TABLE heard")


class Migration(migrations.Migration):

    dependencies = [
        ('subjects', '0007_linkage'),
        ('records', '0004_bigrams'),
    ]

    operations = [
        migrations.AddField('subject', 'prominence', models.SmallIntegerField(db_default=0, default=0)),
        migrations.AddField('subjectname', 'rank', models.IntegerField(db_default=0, default=0)),
        migrations.RunSQL(Path(__file__).parents[1].joinpath("prominence.sql").read_text("utf-8")),
        migrations.RunPython(rank),
        migrations.AddIndex(
            'subjectname',
            models.Index(
                fields=['rank', 'key'], include=['subject'],
                condition=models.Q(('searchable', True)), name='subject_name_rank',
            ),
        ),
        migrations.RunSQL(LEGAL_REPRESENTATIVES),
    ]
