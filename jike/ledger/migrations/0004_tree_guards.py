"""New entries wait for the sealer; leaves, heads and stamps are final. Entries from before wait as well.

Not reversible: a head that was signed stays signed.
"""

from django.db import migrations

from jike.ledger.guards import TREE_GUARDS, TREE_IS_FINAL


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_tree")]
    operations = [migrations.RunSQL(TREE_GUARDS + TREE_IS_FINAL)]
