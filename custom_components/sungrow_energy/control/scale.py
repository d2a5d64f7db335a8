"""How much of a value is on the wire (reference section 6.1, the big trap).

Values are read in display units and written in raw ones. What lies between them is
told by the device (``set_precision``) or by the portal, and for power those two do not
agree: then the smaller of both is tried first, for less power is safe.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
import math

from .._vendor.core.client.decode import mapping, number
from .._vendor.core.control.book import Notes
from .parameter import Parameter, Unit
from .row import Row

_KILO = 1000.0
# What a device that shows kW means where it does not say its precision
_USUAL_KW_STEP = 0.01
# W as hundredths of a kW: what some devices take whatever they tell
_HUNDREDTH_KILO = 1 / (_USUAL_KW_STEP * _KILO)
_ROUNDING = 1e-6
_DECIMALS = 3


class Scales:
    """The factors that were proven, by device and code.

    They hold for a device while it tells its values in the same way, and has the same
    firmware.
    """

    def __init__(
        self, serial: str, notes: Notes, firmware: Callable[[], str] = str
    ) -> None:
        """Take over what earlier runs have found out."""
        self._serial, self._notes, self._firmware = serial, notes, firmware

    def known(self, parameter: Parameter, row: Row) -> float | None:
        """Return what is on the wire for one unit, None if that is not proven."""
        if not parameter.calibrated:
            return _told(parameter, row)
        note = mapping(self._notes.get(self._note(parameter)))
        firmware = self._firmware()
        if any(note.get(key) != value for key, value in _told_by(row).items()):
            return None
        # Until the list of devices was read, nobody knows it.
        if firmware and note.get("firmware") != firmware:
            return None
        raw = number(note.get("raw"), low=1e-9)
        return raw if raw in possible(parameter, row) else None

    def keep(self, parameter: Parameter, row: Row, raw: float) -> None:
        """Remember what was proven, and of which device it was."""
        told = {"raw": raw, "firmware": self._firmware(), **_told_by(row)}
        self._notes.set(self._note(parameter), told)

    def forget(self, parameter: Parameter) -> None:
        """Find it out anew."""
        self._notes.set(self._note(parameter), None)

    def candidates(self, parameter: Parameter, row: Row) -> tuple[float, ...]:
        """Return what one unit may be on the wire, the smallest first.

        One is proven, or as good as that; several are to be found out.
        """
        known = self.known(parameter, row)
        return possible(parameter, row) if known is None else (known,)

    def doubt(self, parameter: Parameter, row: Row, wanted: float) -> None:
        """Let go of what was proven if a value now reads as by another factor."""
        known, value = self.known(parameter, row), shown(parameter, row)
        step = shown_step(parameter, row)
        if known is None or is_near(value, wanted, step):
            return
        others = set(possible(parameter, row)) - {known}
        if any(is_near(value, wanted * known / other, step) for other in others):
            self.forget(parameter)

    def _note(self, parameter: Parameter) -> str:
        return f"scale/{self._serial}/{parameter.code}"


def possible(parameter: Parameter, row: Row) -> tuple[float, ...]:
    """Return what one unit of power can be on the wire, the smallest first.

    None counts in less than W, whatever it tells.
    """
    told = min(_told(parameter, row), parameter.raw)
    return tuple(sorted({told, parameter.raw, _HUNDREDTH_KILO}))


def likely(wire: int, value: float, raws: Sequence[float]) -> float:
    """Return which of some factors is nearest to what was read of a trial."""
    return min(raws, key=lambda raw: abs(math.log(wire / raw) - math.log(value)))


def shown(parameter: Parameter, row: Row) -> float | None:
    """Return a number as it was read, in the parameter's unit."""
    value = number(row.display)
    if value is None:
        return None
    result = value * _per_display(parameter, row)
    if parameter.raw != 1 and not row.unit and _outside(parameter, result):
        # Without a unit it may be what is on the wire.
        if not _outside(parameter, value / parameter.raw):
            result = value / parameter.raw
    return tidy(result)


def step_of(parameter: Parameter, row: Row, raws: Sequence[float]) -> float:
    """Return the smallest step that can be written and be read back."""
    told = row.precision * _per_display(parameter, row) if row.precision else 0.0
    return max([told, *(1 / raw for raw in raws)])


def shown_step(parameter: Parameter, row: Row) -> float:
    """Return how exactly power is shown, in W."""
    if row.precision is not None:
        return row.precision * _per_display(parameter, row)
    return (
        _per_display(parameter, row) * _USUAL_KW_STEP
        if _is_kilo(parameter, row)
        else 1.0
    )


def floored(value: float, step: float) -> float:
    """Return the last multiple of a step that is not above the value."""
    return tidy(math.floor(value / step + _ROUNDING) * step)


def nearest(value: float, step: float) -> float:
    """Return the nearest multiple of a step."""
    return tidy(round(value / step) * step)


def on_wire(value: float, raw: float) -> str:
    """Return a number as it is sent."""
    return str(round(value * raw))


def power_on_wire(watts: float, raw: float) -> str:
    """Return power as it is sent: never more than it is."""
    return str(math.floor(watts * raw + _ROUNDING))


def is_near(value: float | None, wanted: float, step: float) -> bool:
    """Return whether a number that was read is the wanted one, a step more or less."""
    return value is not None and abs(value - wanted) <= step + _ROUNDING


def found(
    wire: int, value: float | None, raws: Sequence[float], step: float
) -> float | None:
    """Return which of some factors a trial has proven, None if it is not just one.

    ``wire`` was sent, ``value`` was read.
    """
    fitting = [raw for raw in raws if is_near(value, wire / raw, step)]
    return fitting[0] if len(fitting) == 1 else None


def trial(
    wanted: float, before: float | None, raws: Sequence[float], step: float
) -> int | None:
    """Return what to send so that every factor reads differently, and as a change.

    It is less than is wanted, whichever factor holds, so that what reads as wanted is
    no trial; None if that is too little to tell them apart.
    """
    lowest = min(raws)
    others = {wanted} if before is None else {wanted, before}
    for wire in range(int(wanted * lowest + _ROUNDING), 0, -1):
        known = sorted([*others, *(wire / raw for raw in raws)])
        if all(b - a > 2 * step for a, b in pairwise(known)):
            return wire
    return None


def tidy(value: float) -> float:
    """Return a number without what binary fractions add, whole ones as such."""
    rounded = round(value, _DECIMALS)
    return int(rounded) if rounded == int(rounded) else rounded


def _told(parameter: Parameter, row: Row) -> float:
    """Return what one unit is on the wire, as far as the device tells it."""
    if row.precision is not None:
        return 1 / (row.precision * _per_display(parameter, row))
    return parameter.raw


def _per_display(parameter: Parameter, row: Row) -> float:
    return _KILO if _is_kilo(parameter, row) else 1.0


def _is_kilo(parameter: Parameter, row: Row) -> bool:
    if parameter.unit is not Unit.WATT:
        return False
    if row.unit.strip() or row.precision is None or row.precision >= 1:
        return row.unit.strip().lower() == "kw"
    # W have no fractions: without a unit these are kW.
    value = number(row.display)
    return value is None or not _outside(parameter, value * _KILO)


def _told_by(row: Row) -> Mapping[str, str | float | None]:
    """Return how a device tells a value."""
    return {"unit": row.unit, "precision": row.precision}


def _outside(parameter: Parameter, value: float) -> bool:
    return not parameter.allowed.low <= value <= parameter.allowed.high
