"""`miner` in a process of its own, with the stand-ins in place of the models."""

import signal
import sys
from pathlib import Path

if __name__ == "__main__":
    # A shell that runs the tests in the background has all it starts ignore interrupts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    import stand_ins

    from service.cli import main

    stand_ins.install()
    main()
