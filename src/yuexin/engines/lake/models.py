"""Which Parquet files of the pool count: readers open only what stands here."""

from __future__ import annotations

from django.db import models


class PoolFile(models.Model):
    """One file of one bucket of one kind, holding the records of deliveries up to `up_to`."""

    path = models.TextField(primary_key=True)
    kind = models.TextField()
    bucket = models.SmallIntegerField()
    rows = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    first_delivery = models.BigIntegerField()
    up_to_delivery = models.BigIntegerField()
    written_at = models.DateTimeField()

    class Meta:
        db_table = "pool_file"
        indexes = (models.Index(fields=["kind", "bucket"], name="pool_file_bucket"),)
