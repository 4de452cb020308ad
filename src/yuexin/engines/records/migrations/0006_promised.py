from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0005_removed'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='record',
            index=models.Index(condition=models.Q(('body__has_key', 'commitment_date'), ('superseded_at__isnull', True), models.Q(('body__has_key', 'check_date'), _negated=True)), fields=['event_date'], name='record_promised'),
        ),
    ]
