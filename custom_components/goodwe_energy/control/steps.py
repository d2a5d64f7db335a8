"""Which changes go into one request, and in which order (reference section 6)."""

from .._vendor.core.control.driver import Step
from .._vendor.core.control.intent import Value, Values
from .._vendor.core.control.steps import Steps
from .catalogue import (
    BACKUP,
    BACKUP_GRID,
    BACKUP_POWER,
    DELAYED,
    DELAYED_RELEASE,
    EXPORT,
    IMMEDIATE,
    OFF_GRID,
    OPERATION,
    PEAK,
    RUNNING,
    TOU,
)
from .peak_delay import DELAYED_SETTINGS, PEAK_SETTINGS
from .plans import TOU_MODE

_TOGETHER = (
    ("backup_charge", frozenset({BACKUP_GRID, BACKUP_POWER})),
    ("peak_shaving_settings", PEAK_SETTINGS),
    ("delayed_charge_settings", DELAYED_SETTINGS),
)
# What makes the rest have an effect goes last
_LAST = (
    *(EXPORT, BACKUP, PEAK, DELAYED, DELAYED_RELEASE),
    *(OPERATION, TOU, IMMEDIATE, OFF_GRID, RUNNING),
)


def grouped(changes: Values) -> Steps:
    """Return the requests for changes, in the order in which a force begins.

    What stops the battery goes first both ways: nothing that is put back may have an
    effect before the force is over.
    """
    left: dict[str, Value] = dict(changes)
    together: list[Step] = []
    for label, keys in _TOGETHER:
        if values := {key: left.pop(key) for key in list(left) if key in keys}:
            together.append(Step(label=label, values=values))
    last = [key for key in _LAST if key in left]
    off = [_one(key, left) for key in last if _stops(key, left[key])]
    on = [_one(key, left) for key in last if not _stops(key, left[key])]
    rest = [*together, *(_one(key, left) for key in left if key not in _LAST)]
    return Steps([*off, *rest, *on], [*off, *reversed(rest), *on])


def _stops(key: str, value: Value) -> bool:
    """Whether it takes the effect away from what else is set."""
    return value is False or (key == OPERATION and value != TOU_MODE)


def _one(key: str, values: Values) -> Step:
    return Step(label=key, values={key: values[key]})
