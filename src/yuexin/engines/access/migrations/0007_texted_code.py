import uuid

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0006_look_delay'),
    ]

    operations = [
        migrations.CreateModel(
            name='TextedCode',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64)),
                ('tries_left', models.IntegerField()),
                ('expires_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'db_table': 'access_texted_code',
                'constraints': [models.CheckConstraint(condition=models.Q(('tries_left__gte', 0)), name='access_texted_code_tries')],
            },
        ),
    ]
