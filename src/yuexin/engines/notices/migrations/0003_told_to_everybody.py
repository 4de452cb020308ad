"""With what values a notice went out to everybody."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('notices', '0002_one_store_of_codes')]

    operations = [
        migrations.AddField(
            model_name='noticeattempt', name='values', field=models.JSONField(null=True)
        ),
    ]
