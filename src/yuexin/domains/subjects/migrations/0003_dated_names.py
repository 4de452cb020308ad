from django.db import migrations, models

# What stands in the tables until a rebuild tells it from the records.
CARRY_NUMBERS = """
INSERT INTO alias (scheme, value, subject, valid_from, valid_until, delivery, row)
SELECT 'reg_no', body->>'reg_no', subject, min(valid_from),
    CASE WHEN bool_and(valid_until IS NOT NULL) THEN max(valid_until) END, min(delivery),
    (array_agg(row ORDER BY delivery, row))[1]
FROM record
WHERE kind = 'registration' AND superseded_at IS NULL AND body ? 'reg_no'
GROUP BY subject, body->>'reg_no'
"""
CARRY_NAMES = """
UPDATE subject_name n SET delivery = s.delivery, row = s.row,
    valid_from = CASE WHEN n.name = s.name THEN s.state_from END,
    valid_until = CASE WHEN n.name <> s.name THEN s.state_from END
FROM subject s WHERE s.id = n.subject
"""


class Migration(migrations.Migration):

    dependencies = [
        ('subjects', '0002_named_after_person'),
        ('records', '0002_superseded'),
    ]

    operations = [
        migrations.DeleteModel(name='Alias'),
        migrations.CreateModel(
            name='Alias',
            fields=[
                ('pk', models.CompositePrimaryKey('scheme', 'value', 'subject', blank=True, editable=False, primary_key=True, serialize=False)),
                ('scheme', models.TextField()),
                ('value', models.TextField()),
                ('subject', models.UUIDField()),
                ('valid_from', models.DateField(null=True)),
                ('valid_until', models.DateField(null=True)),
                ('delivery', models.BigIntegerField()),
                ('row', models.BigIntegerField()),
            ],
            options={
                'db_table': 'alias',
                'indexes': [models.Index(fields=['subject'], name='alias_subject')],
            },
        ),
        migrations.AddField('subjectname', 'valid_from', models.DateField(null=True)),
        migrations.AddField('subjectname', 'valid_until', models.DateField(null=True)),
        migrations.AddField('subjectname', 'delivery', models.BigIntegerField(default=0), preserve_default=False),
        migrations.AddField('subjectname', 'row', models.BigIntegerField(default=0), preserve_default=False),
        migrations.RunSQL(CARRY_NUMBERS),
        migrations.RunSQL(CARRY_NAMES),
    ]
