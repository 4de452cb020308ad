from django.db import migrations, models

FILL = "UPDATE public_row SET version = record.version FROM record WHERE record.id = public_row.record"


class Migration(migrations.Migration):

    dependencies = [
        ('releases', '0001_initial'),
        ('records', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='releaserow',
            name='version',
            field=models.IntegerField(db_default=1, default=1),
        ),
        migrations.RunSQL(FILL),
    ]
