from __future__ import annotations

import zlib
from typing import Any

import django.contrib.postgres.fields
from django.db import migrations, models

from yuexin.base.lots import drawn

OPEN = "ALTER TABLE draw_result DISABLE TRIGGER draw_result_is_truth"
CLOSE = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE draw_result ENABLE TRIGGER draw_result_is_truth
"""


def write_down(apps: Any, schema_editor: Any) -> None:
    """Who was drawn in the draws of before: it follows from what is kept of them."""
    results = apps.get_model("filing", "DrawResult").objects
    for row in results.all():
        members = zlib.decompress(bytes(row.population)).decode("utf-8").split()
        found = drawn(members=members, seed=row.seed, count=row.drawn_count)
        results.filter(pk=row.pk).update(drawn=list(found))


class Migration(migrations.Migration):
    dependencies = [("filing", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="drawresult",
            name="drawn",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(), default=list, size=None
            ),
        ),
        migrations.RunSQL(OPEN, CLOSE),
        migrations.RunPython(write_down, migrations.RunPython.noop),
        migrations.RunSQL(CLOSE, OPEN),
    ]
