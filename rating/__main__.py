"""The command `ratebook` from its start; also `python -m rating`."""

import gc
import signal
import sys

from rating.errors import INTERRUPTED


def main() -> None:
    """Run the command.

    While its modules are imported there is no garbage, and to look for it took a quarter of the
    time; what they hold is left out when it is looked for later. A request to end, as a scheduler
    sends one, is taken like Ctrl-C: the run is recorded as stopped, scratch files are removed.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    gc.disable()
    try:
        from rating.cli import app
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    gc.freeze()
    gc.enable()
    app.main()


if __name__ == "__main__":
    main()
