from django.db import migrations, models


# What living subjects were named by says it already; a rebuild says the same.
FILL = """
UPDATE subject SET represented_by = coalesce(r.body->>'legal_rep', ''),
    gone = coalesce(r.body->>'state' IN ('3', '4', '5', 'cancelled', 'annulled'), false)
FROM record r
WHERE r.subject = subject.id AND r.delivery = subject.delivery AND r.row = subject.row
    AND r.superseded_at IS NULL AND r.kind IN (
        'registration', 'institution_registration', 'social_organisation_registration')
"""


class Migration(migrations.Migration):

    dependencies = [
        ('subjects', '0011_what_if'),
    ]

    operations = [
        migrations.AddField(
            model_name='subject',
            name='gone',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='subject',
            name='represented_by',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
