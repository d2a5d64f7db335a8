"""Which changes go into one task (reference section 6.1)."""

from collections.abc import Sequence

from .._vendor.core.control.driver import Step
from .._vendor.core.control.intent import Value, Values
from .catalogue import BY_KEY, COMMAND, MODE, POWER
from .tasks import MOST_ROWS

BATTERY, SETTINGS = "battery", "settings"
# They are sent together, whatever of it changes (section 6.3).
TOGETHER = (MODE, COMMAND)
_BATTERY = frozenset({MODE, COMMAND, POWER})


def grouped(changes: Values) -> Sequence[Step]:
    """Return the tasks for changes: those of settings first, what moves last."""
    tasks: list[dict[str, Value]] = []
    room = 0
    for key, value in changes.items():
        if key in _BATTERY:
            continue
        needed = len(BY_KEY[key].codes)
        if needed > room:
            tasks.append({})
            room = MOST_ROWS
        tasks[-1][key] = value
        room -= needed
    found = [Step(label=SETTINGS, values=values) for values in tasks]
    if battery := {key: changes[key] for key in changes if key in _BATTERY}:
        found.append(Step(label=BATTERY, values=battery))
    return found
