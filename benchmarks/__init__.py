"""What ``dev/bench`` measures: ``ledger*.py`` holds what is named ``ledger.*``, and
so on for each section. Only ``workbench.measure`` imports this, never the add-on.
"""

from .figure import MEASUREMENTS
from .bench import Bench
from . import sla
from . import sla_deadline
from . import sla_scale
from . import ledger
from . import ledger_history
from . import ledger_concurrent
from . import billing
from . import billing_killed
from . import ksef_faults
