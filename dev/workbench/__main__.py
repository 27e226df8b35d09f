"""`python3 -m workbench COMMAND ARGUMENTS...`, which dev/COMMAND runs."""

import importlib
import signal
import sys

from .console import Failure


def main(command, *arguments):
    """Run one command; give the exit status, or the sentence that says why not."""
    # Ended by a signal, a command still tidies up.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return importlib.import_module(f"workbench.{command}").main(arguments)
    except Failure as failure:
        return f"\n{failure}"
    except KeyboardInterrupt:
        return "\nStopped."


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
