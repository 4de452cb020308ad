from django.db import migrations


class Migration(migrations.Migration):
    """The index of a register is called by its kind and field: `domains/subjects/persons.py`."""

    dependencies = [
        ("subjects", "0009_undoing"),
    ]

    operations = [
        migrations.RunSQL("ALTER INDEX record_legal_rep RENAME TO record_registration_legal_rep"),
    ]
