"""The actions of the integration."""

from datetime import date, timedelta
from typing import Any

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.service import (
    async_register_admin_service,
    verify_domain_control,
)
from homeassistant.util import dt as dt_util
import probatio

from ._vendor.core.client.errors import ApiError
from ._vendor.core.control.intent import Kind
from ._vendor.core.control.manager import ControlManager
from ._vendor.core.control.outcome import Refusal
from ._vendor.core.ha.actions import (
    ATTR_DEVICE_ID,
    DEVICES,
    SHORT_TEXT,
    for_each,
    past_day,
    targets,
)
from ._vendor.core.ha.control_actions import VendorActions, async_register_control
from ._vendor.core.ha.control_schemas import row_data
from ._vendor.core.ha.errors import action_error
from .account import AlphaEssAccount
from .battery import read_schedule
from .const import DOMAIN, HISTORY_MAX_DAYS
from .coordinator import AlphaEssSystem
from .stores.common import SIDES, SWITCHES

READ_HISTORY = "read_history"
IMPORT_HISTORY = "import_history"
UNBIND_SYSTEM = "unbind_system"

READ_HISTORY_SCHEMA = probatio.Schema({**DEVICES, probatio.Required("date"): past_day})
IMPORT_HISTORY_SCHEMA = probatio.Schema(
    {
        **DEVICES,
        probatio.Required("start"): past_day,
        probatio.Optional("end"): past_day,
    }
)
UNBIND_SYSTEM_SCHEMA = probatio.Schema(
    {
        probatio.Required(ATTR_DEVICE_ID): SHORT_TEXT,
        probatio.Required("serial_number"): SHORT_TEXT,
    }
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    control = verify_domain_control(DOMAIN)
    hass.services.async_register(
        DOMAIN,
        READ_HISTORY,
        control(_read_history),
        READ_HISTORY_SCHEMA,
        SupportsResponse.ONLY,
    )
    hass.services.async_register(
        DOMAIN,
        IMPORT_HISTORY,
        control(_import_history),
        IMPORT_HISTORY_SCHEMA,
        SupportsResponse.OPTIONAL,
    )
    async_register_admin_service(
        hass, DOMAIN, UNBIND_SYSTEM, _unbind_system, UNBIND_SYSTEM_SCHEMA
    )
    async_register_control(hass, CONTROL)


def _system(runtime: AlphaEssAccount, identifier: str) -> AlphaEssSystem | None:
    return runtime.systems.get(identifier)


def _manager(system: AlphaEssSystem) -> ControlManager:
    """Return who controls the system's battery. Raises ``Refusal``."""
    if system.control is None:
        if (refusal := system.refusal) is not None:
            raise Refusal(refusal.key, **refusal.placeholders)
        raise Refusal("no_control_yet" if system.site.has_battery else "no_battery")
    return system.control


async def _read_schedule(system: AlphaEssSystem) -> dict[str, Any]:
    """Answer what is in the governing store now. Raises ``ApiError``."""
    rows, switches = read_schedule(await _manager(system).driver.read())
    return {"rows": [row_data(row) for row in rows], **switches}


CONTROL: VendorActions[AlphaEssSystem] = VendorActions(
    domain=DOMAIN,
    find=_system,
    manager=_manager,
    kinds=frozenset(
        {Kind.FORCE_CHARGE, Kind.HOLD, Kind.SET_RESERVE, Kind.SET_SCHEDULE}
    ),
    modes=SIDES,
    switches=tuple(SWITCHES),
    read_schedule=_read_schedule,
)


async def _read_history(call: ServiceCall) -> ServiceResponse:
    """Answer both raw records of a day."""
    day: date = call.data["date"]
    systems = targets(call.hass, DOMAIN, call.data[ATTR_DEVICE_ID], _system)
    for system in systems.values():
        _check_past(day, system)

    async def read(system: AlphaEssSystem) -> dict[str, Any]:
        try:
            return await system.async_raw_day(day)
        except ApiError as err:
            raise action_error(DOMAIN, err) from err

    return await for_each(call.hass, DOMAIN, systems, read)


async def _import_history(call: ServiceCall) -> ServiceResponse:
    """Start an import for each system; it goes on in the background."""
    if "recorder" not in call.hass.config.components:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_recorder"
        )
    systems = targets(call.hass, DOMAIN, call.data[ATTR_DEVICE_ID], _system)
    start: date = call.data["start"]
    for system in systems.values():
        _check_past(start, system)
        end: date = call.data.get("end", _today(system))
        _check_past(end, system)
        if not timedelta() <= end - start < timedelta(days=HISTORY_MAX_DAYS):
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="wrong_range",
                translation_placeholders={"days": str(HISTORY_MAX_DAYS)},
            )

    async def begin(system: AlphaEssSystem) -> dict[str, Any]:
        return system.history.start(start, call.data.get("end", _today(system)))

    return await for_each(call.hass, DOMAIN, systems, begin)


async def _unbind_system(call: ServiceCall) -> None:
    """Remove a system from the account; only a new e-mailed code brings it back."""
    systems = targets(call.hass, DOMAIN, [call.data[ATTR_DEVICE_ID]], _system)
    system = next(iter(systems.values()))
    if call.data["serial_number"].strip() != system.serial:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="serial_mismatch"
        )
    try:
        await system.async_unbind()
    except ApiError as err:
        raise action_error(DOMAIN, err) from err
    await system.sites.async_refresh()


def _today(system: AlphaEssSystem) -> date:
    return dt_util.now(system.zone).date()


def _check_past(day: date, system: AlphaEssSystem) -> None:
    if day > _today(system):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="future_date",
            translation_placeholders={"date": day.isoformat()},
        )
