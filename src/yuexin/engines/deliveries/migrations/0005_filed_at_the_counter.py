from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("deliveries", "0004_idempotency_key"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                fields=["idempotency_key"],
                name="delivery_filed",
                opclasses=["text_pattern_ops"],
                condition=models.Q(("channel", "counter")),
            ),
        ),
    ]
