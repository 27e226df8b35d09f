"""The packages in the order of the flow; each knows those above it, never those below.

Odoo asks the class that was loaded last first: of two packages that extend one model,
the later one wraps the earlier one's ``create``, ``write`` and ``_post``. So this order
is behaviour.
"""

from . import company
from . import tier
from . import contract
from . import coverage
from . import sla
from . import work
from . import ledger
from . import billing
from . import l10n_pl
from . import sending
from . import terms
from . import remote
from . import gateway
from . import setup
