"""What changes devices: remote control, chargers and the broker."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from aiohttp import web

from .broker import PUSH
from .call import Endpoint
from .charger import Charger
from .charger_calls import CHARGER_CALLS
from .control_switches import CHARGER, CONTROL
from .controls import Controls
from .device import Device
from .dialects import DIALECTS
from .home import CABINET, CHARGER as WALLBOX
from .remote_calls import REMOTE_CALLS
from .second_data import SECOND_DATA_CALLS

if TYPE_CHECKING:
    from .server import GoodWeSimulator
    from .station import Station

HANDLERS: dict[tuple[str, str], Endpoint] = (
    REMOTE_CALLS | CHARGER_CALLS | SECOND_DATA_CALLS
)


def install(simulator: GoodWeSimulator) -> None:
    """Give devices what they are controlled by, and the cloud its broker."""
    for station in simulator.stations:
        _give_controls(station)
        for device in station.of(WALLBOX):
            device.control = Charger(
                device.sn, device.house, rated_w=device.spec.rated_w
            )
    simulator.switch_groups["push"] = (PUSH, simulator.push)
    simulator.device_groups.append((CONTROL, _switches_of(Controls)))
    simulator.device_groups.append((CHARGER, _switches_of(Charger)))


def routes(simulator: GoodWeSimulator) -> list[web.RouteDef]:
    """Return the broker's door."""

    async def connect(request: web.Request) -> web.StreamResponse:
        return await simulator.push.answer(request)

    return [web.get("/mqtt", connect)]


def _switches_of(kind: type[Controls | Charger]) -> Callable[[Device], object]:
    def switches(device: Device) -> object:
        control = device.control
        return control.switches if isinstance(control, kind) else None

    return switches


def _give_controls(station: Station) -> None:
    inverters = [device for device in station.devices if device.is_inverter]
    for place, device in enumerate(inverters):
        dialect = DIALECTS.get(device.spec.work_mode) if device.has_battery else None
        controls = Controls(
            device.sn,
            _make(device),
            station.house,
            rated_w=device.spec.rated_w,
            dialect=dialect,
            arm=device.spec.arm,
        )
        device.control = controls
        # Of several, the first decides about the battery
        if not place:
            controls.attach()
        station.uploads.append(partial(_show_stop, device, controls))


def _show_stop(device: Device, controls: Controls) -> None:
    device.stopped = controls.stopped


def _make(device: Device) -> str:
    if device.type == CABINET:
        return "all_in_one"
    if not device.has_battery:
        return "string"
    return "hybrid" if device.spec.work_mode == "3.0" else "single_phase"
