import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_questions_and_reports"),
        ("lending", "0002_salesperson"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="salesperson",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cases",
                to="lending.salesperson",
            ),
        ),
    ]
