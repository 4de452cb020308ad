from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

# Of whoever was judged before, every verdict is stored. He is judged again in his turn.
BEFORE = """
INSERT INTO rule_set (id, rules)
SELECT '00000000-0000-0000-0000-000000000000', array_agg(DISTINCT rule ORDER BY rule)
FROM verdict HAVING count(*) > 0;
INSERT INTO judged (subject, rules)
SELECT DISTINCT subject, '00000000-0000-0000-0000-000000000000'::uuid FROM verdict;
"""


class Migration(migrations.Migration):

    dependencies = [("rules", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="RuleSet",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("rules", ArrayField(base_field=models.TextField(), size=None)),
            ],
            options={"db_table": "rule_set"},
        ),
        migrations.CreateModel(
            name="Judged",
            fields=[
                ("subject", models.UUIDField(primary_key=True, serialize=False)),
                ("rules", models.UUIDField()),
            ],
            options={
                "db_table": "judged",
                "indexes": [models.Index(fields=["rules"], name="judged_by_rules")],
            },
        ),
        migrations.RunSQL(BEFORE, migrations.RunSQL.noop),
    ]
