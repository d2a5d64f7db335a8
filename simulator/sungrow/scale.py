"""Between raw register units and what a readback shows (reference section 6.1)."""

from typing import TYPE_CHECKING

from .parameters import IN_WATTS, Parameter

if TYPE_CHECKING:
    from .device import Device


def _step_w(device: Device) -> int:
    return 10 if device.switches.power_raw == "0.01kW" else 1


def raw_to_stored(device: Device, raw: int) -> int:
    """Return the watts that a raw value of 10005 or 10013 means."""
    return raw * _step_w(device)


def highest_raw(device: Device, parameter: Parameter) -> int:
    """Return the most that may be written, in raw units."""
    if parameter.code in IN_WATTS:
        return parameter.high // _step_w(device)
    return parameter.high


def shown(device: Device, parameter: Parameter, *, late: bool = False) -> str:
    """Return the `return_value`: display units; `late` is what a read tells."""
    values = device.parameters.shown if late else device.parameters.stored
    stored = values[parameter.code]
    if parameter.names:
        return str(stored)
    step = parameter.step
    if parameter.code in IN_WATTS and device.switches.power_display == "kW":
        step = 0.001
    return f"{stored * step:.6f}".rstrip("0").rstrip(".") or "0"


def unit(device: Device, parameter: Parameter) -> str:
    """Return the `unit` of a readback."""
    if parameter.code in IN_WATTS:
        return device.switches.power_display
    return parameter.unit


def precision(device: Device, parameter: Parameter) -> str:
    """Return the `set_precision` of a readback; it need not be true."""
    switches = device.switches
    if parameter.names or not switches.set_precision:
        return ""
    if parameter.code in IN_WATTS:
        match switches.power_precision:
            case "true":
                per_unit = 1000 if switches.power_display == "kW" else 1
                return f"{_step_w(device) / per_unit:g}"
            case "none":
                return ""
            case claimed:
                return claimed
    return f"{parameter.step:g}"
