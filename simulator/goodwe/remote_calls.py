"""Endpoints of remote control: functions, registers, settings (reference 6.2, 6.3)."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from .call import NO_DATA, Call, Endpoint
from .controls import Controls
from .device import Device
from .function_tables import BUTTON, NUMBER, Function
from .home import BATTERY, CHARGER, DONGLE
from .named_settings import changes_of, value_of
from .refusal import Refusal
from .waits import pause

READ, WRITE = "INVERTER_REMOTE_READ", "INVERTER_REMOTE"
_BOX = "sems-remote/api/v2/address/remote"
_REGISTERS = "sems-remote/api/v1/address/remote"
_NAMED = "sems-remote/api/v1/remote"
# How long the cloud waits for a device that is not there
_PATIENCE = 30.0
_REFUSED_AFTER = 1.0


def _inverter(call: Call, right: str) -> tuple[Device, Controls]:
    """Return the inverter that is asked about, itself."""
    device = call.device()
    call.permit(device.station, right)
    if not isinstance(device.control, Controls):
        raise Refusal("P0215")
    return device, device.control


def _related(device: Device) -> Device:
    """Return the inverter that a battery, meter or dongle resolves to."""
    if device.type == CHARGER:
        raise Refusal("P0215")
    if isinstance(device.control, Controls):
        return device
    parent = device.station.device(device.spec.parent)
    inverters = [it for it in device.station.devices if it.is_inverter]
    return parent or inverters[0]


def tab_menus(call: Call) -> dict[str, Any]:
    """`getDeviceFunctionTabMenus`: the curated settings of a device."""
    device = call.device()
    call.permit(device.station, READ)
    controls: Controls = _related(device).control
    module = call.text("module")
    code = call.number("menuCode", 0)
    menus: list[dict[str, Any]] = []
    if not controls.switches.functions:
        pass
    elif module == "WORK_MODE":
        dialect = controls.dialect
        if dialect is not None:
            menus = controls.functions.cards(v1=dialect.exclusive)
    elif module == "GENERAL_FUNCTIONS" and (device.type == DONGLE) is (code == 3):
        menus = controls.functions.menus(code, str(call.value("batIndex") or ""))
    return {"functionMenus": menus}


def top_tree(call: Call) -> dict[str, Any]:
    """`getTopTreeByCode`: all of it."""
    _, controls = _inverter(call, READ)
    return {"functionMenus": controls.functions.tree()}


def work_mode(call: Call) -> dict[str, Any]:
    """`get-work-mode`: the dialect."""
    _, controls = _inverter(call, READ)
    if controls.dialect is None:
        return {"workMode": None, "arm": controls.arm or None}
    return {"workMode": controls.dialect.work_mode, "arm": controls.arm}


def related_sn(call: Call) -> dict[str, Any]:
    """`get-related-sn`: whom to write to."""
    device = call.device()
    call.permit(device.station, READ)
    call.text("menuCode")
    return {"sn": _related(device).sn}


def cached_values(call: Call) -> dict[str, Any]:
    """`get-cache-device-function-parameters`: what the cloud knows of registers."""
    device, controls = _inverter(call, READ)
    addresses, ids = call.value("addresses"), call.value("addrFuncMap")
    if not isinstance(addresses, list) or not isinstance(ids, Mapping):
        raise Refusal("P0214")
    if controls.switches.unread or not device.online:
        raise Refusal("read_fail")
    values = {}
    for address in map(str, addresses):
        if controls.functions.find(address, str(ids.get(address))) is None:
            raise Refusal("read_fail")
        value = controls.register(address)
        if value is not None:
            values[address] = value
    return {"data": values}


def read_settings(call: Call) -> dict[str, Any]:
    """`remote/get`: named settings, in an order of their own."""
    device, controls = _inverter(call, READ)
    names = call.value("functionName")
    if not isinstance(names, list) or not names:
        raise Refusal("P0214")
    if not device.online:
        raise Refusal("read_fail")
    return {
        "items": [
            {"functionName": name, "value": value_of(controls, name)}
            for name in sorted(map(str, names))
        ]
    }


async def set_functions(call: Call) -> object:
    """`setDeviceFunctionParameters`: write registers."""
    device, controls = _writable(call)
    wanted, ids = call.value("addressMap"), call.value("addrFuncMap")
    if not isinstance(wanted, Mapping) or not wanted or not isinstance(ids, Mapping):
        raise Refusal("P0214")

    def changes() -> dict[Function, float]:
        found = dict(
            _checked(controls, str(address), ids.get(address), value)
            for address, value in wanted.items()
        )
        for function in found:
            _addressed(
                call, device, of_battery=controls.functions.is_of_battery(function)
            )
        return found

    def store(found: dict[Function, float]) -> None:
        controls.note("registers", dict(wanted))
        controls.write_registers(found)

    return await _acknowledged(call, device, controls, changes, store)


def _checked(
    controls: Controls, address: str, function_id: Any, value: Any
) -> tuple[Function, float]:
    function = controls.functions.find(address, str(function_id))
    if function is None or function.rw == "RO" or address in controls.switches.refuses:
        raise Refusal("P0215")
    try:
        number = float(value)
    except (TypeError, ValueError) as err:
        raise Refusal("P0215") from err
    options = {float(option) for _, option in function.options}
    if options:
        fine = number in options
    elif function.control == BUTTON:
        fine = number == 0
    elif function.control == NUMBER and function.range is not None:
        low, high = function.range
        fine = low <= number <= high
    else:
        fine = False
    if not fine:
        raise Refusal("P0215")
    return function, int(number) if number.is_integer() else number


async def set_setting(call: Call) -> object:
    """`remote/set`: write a named setting."""
    device, controls = _writable(call)
    name, data = call.text("functionName"), call.value("data")
    if not isinstance(data, Mapping) or not data:
        raise Refusal("P0214")

    def changes() -> dict[str, Any]:
        _addressed(call, device, of_battery=False)
        return changes_of(controls, name, data)

    def store(found: dict[str, Any]) -> None:
        controls.note(name, dict(data))
        controls.put(found)

    return await _acknowledged(call, device, controls, changes, store)


def _writable(call: Call) -> tuple[Device, Controls]:
    device, controls = _inverter(call, WRITE)
    call.text("deviceName")
    if not call.value("controlItemLogs"):
        raise Refusal("P0214")
    if call.station(call.text("plantId")) is not device.station:
        raise Refusal("P0215")
    return device, controls


def _addressed(call: Call, device: Device, *, of_battery: bool) -> None:
    """Raise Refusal unless a write names whom it is for as section 6.2 has it.

    A battery by its `translateCode` and no serial number; others by their own.
    """
    virtual = call.value("virtualSn")
    if not of_battery:
        fine = virtual == device.sn
    else:
        codes = {
            battery.spec.translate_code
            for battery in device.station.of(BATTERY)
            if battery.spec.parent == device.sn
        }
        fine = virtual is None and (not codes or call.text("deviceName") in codes)
    if not fine:
        raise Refusal("P0215")


async def _acknowledged[T](
    call: Call,
    device: Device,
    controls: Controls,
    changes: Callable[[], T],
    store: Callable[[T], None],
) -> object:
    """Let a device take a write; Refusal if it does not."""
    clock, seconds = call.simulator.clock, controls.seconds()
    if controls.switches.busy:
        controls.switches.busy -= 1
        raise Refusal("R0305")
    if not device.online:
        await pause(clock, min(seconds, _PATIENCE))
        raise Refusal("P0215")
    try:
        found = changes()
    except Refusal as refusal:
        if refusal.code == "P0215":
            await pause(clock, min(seconds, _REFUSED_AFTER))
        raise
    if call.value("waitingForDevice") is not True:
        at = device.house.live().at + timedelta(seconds=seconds)
        device.house.call_at(at, lambda: store(found))
        return NO_DATA
    await pause(clock, seconds)
    # Another write may have come in between
    store(changes())
    return NO_DATA


REMOTE_CALLS = {
    ("POST", f"{_BOX}/getDeviceFunctionTabMenus"): Endpoint(tab_menus),
    ("POST", f"{_BOX}/getTopTreeByCode"): Endpoint(top_tree),
    ("GET", f"{_BOX}/get-work-mode"): Endpoint(work_mode),
    ("POST", f"{_BOX}/get-related-sn"): Endpoint(related_sn),
    ("POST", f"{_REGISTERS}/get-cache-device-function-parameters"): Endpoint(
        cached_values
    ),
    ("POST", f"{_REGISTERS}/setDeviceFunctionParameters"): Endpoint(
        set_functions, write=True
    ),
    ("POST", f"{_NAMED}/get"): Endpoint(read_settings),
    ("POST", f"{_NAMED}/set"): Endpoint(set_setting, write=True),
}
