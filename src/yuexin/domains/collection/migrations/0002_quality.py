from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("collection", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="DeliveryMeasure",
            fields=[
                ("pk", models.CompositePrimaryKey("delivery", "measure", blank=True, editable=False, primary_key=True, serialize=False)),
                ("delivery", models.BigIntegerField()),
                ("measure", models.TextField()),
                ("numerator", models.BigIntegerField()),
                ("denominator", models.BigIntegerField()),
            ],
            options={"db_table": "delivery_measure"},
        ),
        migrations.AddConstraint(
            model_name="deliverymeasure",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("denominator__gt", 0),
                    ("numerator__gte", 0),
                    ("numerator__lte", models.F("denominator")),
                ),
                name="delivery_measure_share",
            ),
        ),
        migrations.CreateModel(
            name="DeliveryLag",
            fields=[
                ("pk", models.CompositePrimaryKey("delivery", "days", blank=True, editable=False, primary_key=True, serialize=False)),
                ("delivery", models.BigIntegerField()),
                ("days", models.IntegerField()),
                ("rows", models.BigIntegerField()),
            ],
            options={"db_table": "delivery_lag"},
        ),
        migrations.AddConstraint(
            model_name="deliverylag",
            constraint=models.CheckConstraint(
                condition=models.Q(("days__gte", 0), ("rows__gt", 0)),
                name="delivery_lag_positive",
            ),
        ),
    ]
