"""The expert action: a setting by the vendor's own name, with its raw parameters."""

from typing import Any

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
import probatio

from ._vendor.core.control.intent import SetValues
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.ha.actions import DEVICES, SHORT_TEXT
from ._vendor.core.ha.control_actions import answer
from .const import DOMAIN
from .device import Device
from .inverter_settings import (
    RAW,
    allowed,
    changes,
    known,
    sending,
    texts,
)
from .raw_setting import send_raw
from .services_control import Guard, each, manager_of, set_values

UPDATE_SETTING = "update_inverter_setting"
# The most that any request takes
_MOST = 19


def _parameter(value: Any) -> str:
    """Validate a parameter: a short text, or a whole number as one."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise probatio.Invalid("expected a text or a whole number")
    if isinstance(value, int) and abs(value) > 1_000_000:
        raise probatio.Invalid("the number is too large")
    text = str(value)
    if len(text) > 32 or not text.isascii():
        raise probatio.Invalid("expected at most 32 plain characters")
    return text.strip()


SETTING_SCHEMA = probatio.Schema(
    {
        **DEVICES,
        probatio.Required("type"): SHORT_TEXT,
        probatio.Required("parameters"): probatio.Any(
            probatio.All([_parameter], probatio.Length(min=1, max=_MOST)),
            probatio.All({SHORT_TEXT: _parameter}, probatio.Length(min=1, max=_MOST)),
        ),
    }
)


@callback
def async_setup_settings(hass: HomeAssistant, guard: Guard) -> None:
    """Register the action; ``guard`` lets in only who may control."""
    hass.services.async_register(
        DOMAIN,
        UPDATE_SETTING,
        guard(_update),
        SETTING_SCHEMA,
        SupportsResponse.OPTIONAL,
    )


async def _update(call: ServiceCall) -> ServiceResponse:
    """Send a setting, if its name is on the list."""
    type_: str = call.data["type"]

    async def work(device: Device) -> dict[str, Any]:
        manager = manager_of(device)
        driver = sending(manager.driver)
        params = texts(call.data["parameters"])
        if (what := known(driver).get(type_)) is not None:
            wanted = changes(type_, what, params)
            return await set_values(call, device, SetValues(edits=(lambda _: wanted,)))
        raw = RAW.get(device.family, {}).get(type_)
        if raw is None:
            names = ", ".join(allowed(driver, device.family))
            raise Refusal("setting_not_allowed", type=type_, types=names)
        raw.check(type_, params)
        result = await send_raw(device, manager, driver, type_, params)
        device.async_written()
        return answer(result)

    return await each(call, work)
