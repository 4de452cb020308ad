from django.db import migrations

# What Django's database cache needs: the limits of signing in hold across server processes.
CREATE = """
CREATE TABLE cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX cache_expires ON cache (expires);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0002_accounts'),
    ]

    operations = [
        migrations.RunSQL(CREATE, "DROP TABLE cache"),
    ]
