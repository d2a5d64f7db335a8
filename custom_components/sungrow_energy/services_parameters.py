"""Expert actions: any parameter of a device by its key or code (section 9.7)."""

from typing import Any

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.helpers.service import verify_domain_control
import probatio

from ._vendor.core.control.intent import SetValues, Value
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.ha.actions import DEVICES, SHORT_TEXT
from ._vendor.core.ha.control_actions import answer
from ._vendor.core.ha.control_calls import async_execute, each_target
from .const import DOMAIN
from .control.parameter import Parameter
from .control.tasks import MOST_ROWS
from .device import Device
from .led_device import LedDevice
from .parameter_values import meant, parameter_of, told
from .runtime import SungrowRuntime
from .services_control import find, manager_of

type _Meant = LedDevice | Device

READ_PARAMETERS = "read_parameters"
UPDATE_PARAMETERS = "update_parameters"


def _name(value: Any) -> str:
    """Validate the key or code of a parameter."""
    if isinstance(value, bool):
        raise probatio.Invalid("expected a key or a code")
    text: str = SHORT_TEXT(value)
    return text


def _wanted(value: Any) -> Any:
    """Validate what a parameter shall be: a short text, a number or a flag."""
    if isinstance(value, str):
        return SHORT_TEXT(value)
    if not isinstance(value, bool | int | float):
        raise probatio.Invalid("expected a text, a number, or true or false")
    return value


READ_SCHEMA = probatio.Schema(
    {
        **DEVICES,
        probatio.Required("parameters"): probatio.All(
            probatio.EnsureList(), [_name], probatio.Length(min=1, max=MOST_ROWS)
        ),
    }
)
UPDATE_SCHEMA = probatio.Schema(
    {
        **DEVICES,
        probatio.Required("parameters"): probatio.All(
            {_name: _wanted}, probatio.Length(min=1, max=MOST_ROWS)
        ),
    }
)


@callback
def async_setup_parameters(hass: HomeAssistant) -> None:
    """Register the actions, for who may control the vendor's entities."""
    guard = verify_domain_control(DOMAIN)
    for name, action, schema, response in (
        (READ_PARAMETERS, _read, READ_SCHEMA, SupportsResponse.ONLY),
        (UPDATE_PARAMETERS, _update, UPDATE_SCHEMA, SupportsResponse.OPTIONAL),
    ):
        hass.services.async_register(DOMAIN, name, guard(action), schema, response)


def _find(runtime: SungrowRuntime, identifier: str) -> Any:
    """Return a device with its driver, or by itself if it has none; or None."""
    if (device := find(runtime, identifier)) is None:
        return None
    led = runtime.controls.of(device.identifier) if runtime.controls else None
    return led or device


def _led(found: _Meant) -> LedDevice:
    """Return a device whose settings were read. Raises ``Refusal``."""
    device = found.device if isinstance(found, LedDevice) else found
    manager_of(device)
    if not isinstance(found, LedDevice):
        raise Refusal("nothing_to_set")
    return found


def _checked(led: LedDevice, names: Any) -> dict[str, Parameter]:
    """Return the parameters that are meant, by what they were called.

    Raises ``Refusal``: also for more than one task can hold.
    """
    found = {name: parameter_of(name) for name in names}
    for name, one in found.items():
        if led.device.type not in one.types:
            raise Refusal("unknown_parameter", parameter=name)
    if len({one.key for one in found.values()}) < len(found):
        raise Refusal("parameter_twice")
    if sum(len(one.codes) for one in found.values()) > MOST_ROWS:
        raise Refusal("parameters_too_many", most=MOST_ROWS)
    return found


async def _read(call: ServiceCall) -> ServiceResponse:
    """Answer what a device says its parameters are now."""

    async def work(meant_one: _Meant) -> dict[str, Any]:
        led = _led(meant_one)
        found = list(_checked(led, call.data["parameters"]).values())
        values = await led.driver.ask(found)
        return {
            one.key: told(one, values.get(one.key), led.driver.names(one))
            for one in found
        }

    return await each_target(call, DOMAIN, _find, work)


async def _update(call: ServiceCall) -> ServiceResponse:
    """Set parameters in one task, as an entity would, and read them back."""
    wanted: dict[str, Any] = call.data["parameters"]

    async def work(meant_one: _Meant) -> dict[str, Any]:
        led = _led(meant_one)
        found = _checked(led, wanted)
        for name, one in found.items():
            if not one.writable:
                raise Refusal("parameter_forbidden", parameter=name)
            if not led.may_set(one):
                raise Refusal("parameter_not_here", parameter=name)
        await _know(led, list(found.values()))
        change: dict[str, Value] = {
            one.key: meant(one, wanted[name], led.driver.names(one))
            for name, one in found.items()
        }
        intent = SetValues(edits=(lambda _: change,))
        with led.driver.including(found.values()):
            result = await async_execute(call.hass, DOMAIN, led.manager, intent)
        return answer(result)

    return await each_target(call, DOMAIN, _find, work)


async def _know(led: LedDevice, found: list[Parameter]) -> None:
    """Read what was never read: nothing is written unseen.

    Raises ``Refusal`` if the device does not have it, and ``ApiError``.
    """
    if not led.manager.allowed:
        raise Refusal("control_off")
    new = [one for one in found if one not in led.driver.parameters]
    if not new:
        return
    await led.driver.ask(new)
    for one in new:
        if one not in led.driver.parameters:
            raise Refusal("parameter_not_here", parameter=one.key)
