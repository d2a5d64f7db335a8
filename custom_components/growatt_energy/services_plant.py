"""The action that changes a plant's settings (reference section 6.9)."""

from typing import Any

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
import probatio

from ._vendor.core.control.outcome import Refusal
from ._vendor.core.ha.control_calls import each_target
from .api.classic_client import ClassicClient
from .api.classic_plants import PLANT_FIELDS
from .const import CONF_ALLOW_CONTROL, DOMAIN
from .plant import Plant
from .plant_settings import update
from .runtime import GrowattRuntime
from .services_control import ONE_DEVICE, Guard

UPDATE_PLANT = "update_plant_settings"
_LONGEST = 256


def _value(value: Any) -> str:
    """Validate a value: a text without line ends, or a number as one."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise probatio.Invalid("expected a text or a number")
    if not isinstance(value, str) and not abs(value) < 1e12:
        raise probatio.Invalid("expected a number that can be set")
    text = value if isinstance(value, str) else f"{value:.10g}"
    if len(text) > _LONGEST or not text.isprintable():
        raise probatio.Invalid(f"expected at most {_LONGEST} characters in one line")
    return text


PLANT_SCHEMA = probatio.Schema(
    {
        **ONE_DEVICE,
        # Its names are no keys that Home Assistant could translate
        probatio.Required("settings"): probatio.All(
            {probatio.In(list(PLANT_FIELDS)): _value}, probatio.Length(min=1)
        ),
    }
)


@callback
def async_setup_plant(hass: HomeAssistant, guard: Guard) -> None:
    """Register the action; ``guard`` lets in only who may control."""
    hass.services.async_register(
        DOMAIN, UPDATE_PLANT, guard(_update), PLANT_SCHEMA, SupportsResponse.OPTIONAL
    )


type _Found = tuple[GrowattRuntime, Plant]


def _find(runtime: GrowattRuntime, identifier: str) -> _Found | None:
    """Return a plant; its devices stand for it."""
    plants = {plant.key: plant for plant in runtime.plants.values()}
    plant = plants.get(identifier)
    if plant is None and (device := runtime.devices.get(identifier)) is not None:
        plant = device.plant
    return (runtime, plant) if plant is not None else None


async def _update(call: ServiceCall) -> ServiceResponse:
    """Change some of the 18 settings of a plant."""
    changes: dict[str, str] = call.data["settings"]

    async def change(item: _Found) -> dict[str, Any]:
        runtime, plant = item
        if not runtime.entry.options.get(CONF_ALLOW_CONTROL, True):
            raise Refusal("control_off")
        client = runtime.connection.client
        if not isinstance(client, ClassicClient):
            raise Refusal("app_only", what=UPDATE_PLANT)
        outcome, before = await update(client, plant, changes)
        return {"outcome": str(outcome), "before": before}

    return await each_target(call, DOMAIN, _find, change)
