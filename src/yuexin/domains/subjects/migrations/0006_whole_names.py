import django.contrib.postgres.indexes
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('subjects', '0005_joined'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='subjectname',
            index=django.contrib.postgres.indexes.HashIndex(fields=['key'], name='subject_name_key'),
        ),
    ]
