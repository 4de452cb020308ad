import django.contrib.postgres.fields
import django.db.models.deletion
import uuid
from pathlib import Path

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0003_cache'),
    ]

    operations = [
        migrations.CreateModel(
            name='Identity',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('name', models.TextField()),
                ('document', models.TextField()),
                ('number', models.BinaryField(null=True)),
                ('digest', models.BinaryField(null=True)),
                ('how', models.TextField()),
                ('verified_by', models.TextField()),
                ('verified_at', models.DateTimeField()),
                ('erased_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'person_identity',
            },
        ),
        migrations.CreateModel(
            name='Phone',
            fields=[
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='phone', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('number', models.BinaryField()),
                ('digest', models.BinaryField(unique=True)),
                ('verified_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'account_phone',
            },
        ),
        migrations.AddField(
            model_name='grant',
            name='agent_code',
            field=models.TextField(db_default='', default=''),
        ),
        migrations.AddField(
            model_name='grant',
            name='given_under',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='delegated', to='access.grant'),
        ),
        migrations.AddField(
            model_name='grant',
            name='rights',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), null=True, size=None),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('detail__has_key', 'for')), fields=['actor'], name='journal_of_delegates'),
        ),
        migrations.AddField(
            model_name='identity',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='identities', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='grant',
            name='identity',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='access.identity'),
        ),
        migrations.AddIndex(
            model_name='grant',
            index=models.Index(condition=models.Q(('subject_code', ''), _negated=True), fields=['subject_code'], name='access_grant_subject'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.CheckConstraint(condition=models.Q(('rights__isnull', True), ('given_under__isnull', False), _connector='OR'), name='access_grant_rights'),
        ),
        migrations.AddConstraint(
            model_name='identity',
            constraint=models.CheckConstraint(condition=models.Q(('how__in', ['provider', 'window'])), name='person_identity_how'),
        ),
        migrations.AddConstraint(
            model_name='identity',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('digest__isnull', False), ('erased_at__isnull', True), ('number__isnull', False), models.Q(('name', ''), _negated=True)), models.Q(('digest__isnull', True), ('erased_at__isnull', False), ('name', ''), ('number__isnull', True)), _connector='OR'), name='person_identity_whole'),
        ),
        migrations.RunSQL(Path(__file__).parents[1].joinpath("identities.sql").read_text("utf-8")),
    ]
