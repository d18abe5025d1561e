"""What a scheduled command says of itself as JSON, one object a line, on stderr."""

import datetime
import json
import sys
from typing import Any


def write(level: str, event: str, **values: Any) -> None:
    """One line: time (UTC), level (info, error), event, and what belongs to it."""
    line = {
        "time": datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds"),
        "level": level,
        "event": event,
        **values,
    }
    sys.stderr.write(json.dumps(line, default=str, ensure_ascii=False) + "\n")
