"""Houses whose grid nobody measures (reference section 9.9).

Without a Growatt meter or transformer the counters of the grid and the load stand at
zero: their entities are disabled from the beginning, and people are told why. With the
first value of a meter they are enabled.
"""

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from ._vendor.core.ha.repairs import set_issue
from .const import DOMAIN
from .descriptions_flows import METERED
from .device import Device
from .registry import name_of
from .runtime import GrowattRuntime


@callback
def async_follow_meters(runtime: GrowattRuntime) -> CALLBACK_TYPE:
    """Watch the devices' meters; return what ends that."""
    told: str | None = None

    @callback
    def update() -> None:
        nonlocal told
        without = [d for d in runtime.devices.values() if d.has_meter is False]
        for device in runtime.devices.values():
            _note(runtime, device)
        names = ", ".join(sorted(name_of(device) for device in without))
        if names != told:
            told = names
            set_issue(
                runtime.hass,
                DOMAIN,
                "no_meter",
                bool(without),
                suffix=runtime.entry.entry_id,
                placeholders={"devices": names},
            )

    update()
    return runtime.async_listen(update)


@callback
def _note(runtime: GrowattRuntime, device: Device) -> None:
    """Remember that a device has no meter; let its entities come when it gets one."""
    note = f"{device.serial}/meterless"
    known = bool(runtime.account.notes.get(note))
    if device.has_meter is False and not known:
        runtime.account.note(note, True)
    elif device.has_meter and known:
        runtime.account.note(note, None)
        _enable(runtime.hass, device.serial)


@callback
def _enable(hass: HomeAssistant, serial: str) -> None:
    registry = er.async_get(hass)
    for key in METERED:
        found = registry.async_get_entity_id("sensor", DOMAIN, f"{serial}_{key}")
        if found is None or (entity := registry.async_get(found)) is None:
            continue
        if entity.disabled_by is er.RegistryEntryDisabler.INTEGRATION:
            registry.async_update_entity(found, disabled_by=None)
