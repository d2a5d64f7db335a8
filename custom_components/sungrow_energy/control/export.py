"""What a limit of the export means (reference sections 6.2 and 6.5)."""

from collections.abc import Callable

from .._vendor.core.control.driver import Plan
from .._vendor.core.control.intent import SetExportLimit, Value, Values
from .._vendor.core.control.outcome import Refusal
from .catalogue import EXPORT, EXPORT_POWER, EXPORT_RATIO

type Fit = Callable[[str, Value], Value]


def plan(intent: SetExportLimit, values: Values, fit: Fit) -> Plan:
    """Return what to set; a limit is only heeded while it is on. Raises ``Refusal``.

    A logger knows percent only.
    """
    if EXPORT not in values:
        raise Refusal("unknown_setting", setting=EXPORT)
    if intent.power is not None:
        if EXPORT_POWER not in values:
            raise Refusal("export_percent_only")
        watts = fit(EXPORT_POWER, intent.power)
        return Plan(
            target={EXPORT: True, EXPORT_POWER: watts}, effective={"power": watts}
        )
    if intent.percent is not None:
        if EXPORT_RATIO not in values:
            raise Refusal("unknown_setting", setting=EXPORT_RATIO)
        percent = fit(EXPORT_RATIO, intent.percent)
        return Plan(
            target={EXPORT: True, EXPORT_RATIO: percent},
            effective={"percent": percent},
        )
    return Plan(target={EXPORT: False}, effective={"unlimited": True})
