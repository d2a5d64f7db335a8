"""What makes the tests quicker without changing what they see."""

from datetime import datetime, tzinfo
import gc
from types import ModuleType

import freezegun
from pytest_homeassistant_custom_component import patch_time

# Objects that come and go between two looks of the garbage collector. By default it
# looks thousands of times in a run, and mostly finds what the next test needs too.
_OBJECTS = 50_000

_now = patch_time.HAFakeDatetime.now.__func__
_to_frozen = patch_time.ha_datetime_to_fakedatetime
_monotonic = freezegun.api._get_fake_monotonic


class _Standstill:
    """What was made of a moment at which time stands still."""

    last: _Standstill | None = None

    def __init__(self, moment: datetime) -> None:
        self.moment = moment
        self.shown: dict[tzinfo | None, datetime] = {}
        self.seconds: float | None = None

    @classmethod
    def at(cls, moment: datetime) -> _Standstill:
        """Return that of the moment; other threads go on with the one they have."""
        still = cls.last
        if still is None or still.moment is not moment:
            still = cls.last = cls(moment)
        return still


def _quick_now(cls: type[datetime], tz: tzinfo | None = None) -> datetime:
    """Return what `now` of the plugin returns, made once as long as time stands."""
    moment = cls._time_to_freeze()
    if moment is None:
        return _now(cls, tz)
    shown = _Standstill.at(moment).shown
    if (found := shown.get(tz)) is None:
        found = shown[tz] = _now(cls, tz)
    return found


def _quick_monotonic() -> float:
    still = _Standstill.at(freezegun.api.get_current_time())
    if still.seconds is None:
        still.seconds = _monotonic()
    return still.seconds


def _frozen(moment: datetime) -> datetime:
    """Convert a time to a frozen one, unless it is one.

    What is calculated with frozen times is frozen, and would be converted once more.
    """
    return moment if type(moment) is patch_time.HAFakeDatetime else _to_frozen(moment)


def _shape(module: ModuleType) -> str:
    """Tell modules apart that got more names since time was frozen last.

    The plugin hashes every name of thousands of modules each time that time is frozen.
    """
    return f"{id(module)}-{len(module.__dict__)}"


def be_quick() -> None:
    """Do less of what nobody looks at."""
    gc.set_threshold(_OBJECTS, *gc.get_threshold()[1:])
    patch_time.ha_get_module_attributes_hash = _shape
    patch_time.ha_datetime_to_fakedatetime = _frozen
    patch_time.HAFakeDatetime.now = classmethod(_quick_now)
    freezegun.api._get_fake_monotonic = _quick_monotonic


def let_stand() -> None:
    """Look no more for garbage among what is there until the end: the tests."""
    gc.collect()
    gc.freeze()
