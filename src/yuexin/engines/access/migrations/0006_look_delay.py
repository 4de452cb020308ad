from pathlib import Path

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0005_frame_hosts'),
    ]

    operations = [
        migrations.CreateModel(
            name='LookDelay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_code', models.TextField()),
                ('body', models.TextField()),
                ('since', models.DateTimeField()),
                ('until', models.DateField()),
                ('case', models.TextField()),
                ('act', models.IntegerField()),
                ('reason', models.TextField()),
                ('basis', models.TextField()),
                ('asked_by', models.TextField()),
                ('approved_by', models.TextField()),
                ('at', models.DateTimeField()),
            ],
            options={
                'db_table': 'look_delay',
                'indexes': [models.Index(fields=['subject_code', 'body'], name='look_delay_of')],
                'constraints': [
                    models.UniqueConstraint(fields=('case', 'act'), name='look_delay_act'),
                    models.CheckConstraint(condition=models.Q(models.Q(('asked_by', models.F('approved_by')), _negated=True), models.Q(('asked_by', ''), _negated=True), models.Q(('approved_by', ''), _negated=True)), name='look_delay_four_eyes'),
                ],
            },
        ),
        migrations.RunSQL(Path(__file__).parents[1].joinpath("delays.sql").read_text("utf-8")),
    ]
