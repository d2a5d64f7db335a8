"""Binary sensors of the battery (reference section 9.5)."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from typing import Any, override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ._vendor.core.ha.entity import Candidate, add_with_their_data
from .api.models import IoItem
from .api.values import slug
from .coordinator import SonnenBattery, SonnenConfigEntry
from .describe import configuration, detail, info, live
from .entity import BatteryDescription, BatteryEntity, Source

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class BatteryBinarySensorDescription(BatteryDescription, BinarySensorEntityDescription):
    """A yes or no of a battery."""

    value_fn: Callable[[SonnenBattery], bool | None]


def _flag(
    key: str,
    source: Source,
    value_fn: Callable[[SonnenBattery], bool | None],
    device_class: BinarySensorDeviceClass | None = None,
    *,
    enabled: bool = False,
    diagnostic: bool = True,
    exists_fn: Callable[[SonnenBattery], bool] | None = None,
) -> BatteryBinarySensorDescription:
    return BatteryBinarySensorDescription(
        key=key,
        translation_key=key,
        device_class=device_class,
        entity_category=EntityCategory.DIAGNOSTIC if diagnostic else None,
        entity_registry_enabled_default=enabled,
        source=source,
        value_fn=value_fn,
        exists_fn=exists_fn,
    )


def _dc_shutdown(battery: SonnenBattery) -> bool | None:
    shutdown = battery.detail.data.values.shutdown
    return any(shutdown.values()) if shutdown else None


FLAGS = (
    _flag(
        "off_grid",
        live,
        lambda battery: battery.newest.derived.off_grid,
        enabled=True,
        diagnostic=False,
    ),
    _flag(
        "battery_charging",
        live,
        lambda battery: battery.newest.derived.charging,
        BinarySensorDeviceClass.BATTERY_CHARGING,
        enabled=True,
        diagnostic=False,
    ),
    _flag(
        "battery_discharging",
        live,
        lambda battery: battery.newest.derived.discharging,
        BinarySensorDeviceClass.RUNNING,
        enabled=True,
        diagnostic=False,
    ),
    _flag(
        "battery_care",
        live,
        lambda battery: battery.live.data.status.discharge_blocked,
        enabled=True,
    ),
    _flag(
        "microgrid_enabled",
        detail,
        lambda battery: battery.newest.derived.microgrid_enabled,
        enabled=True,
    ),
    _flag(
        "microgrid_min_soc",
        detail,
        lambda battery: battery.newest.derived.microgrid_empty,
        BinarySensorDeviceClass.PROBLEM,
    ),
    _flag(
        "transition_to_ongrid",
        detail,
        lambda battery: battery.newest.derived.returning_to_grid,
    ),
    _flag(
        "dc_minimum_rsoc",
        detail,
        lambda battery: battery.newest.derived.minimum_charge_shutdown,
        BinarySensorDeviceClass.PROBLEM,
    ),
    _flag(
        "dc_shutdown",
        detail,
        _dc_shutdown,
        BinarySensorDeviceClass.PROBLEM,
        enabled=True,
    ),
    _flag(
        "system_error",
        live,
        lambda battery: battery.newest.derived.system_error,
        BinarySensorDeviceClass.PROBLEM,
        enabled=True,
        diagnostic=False,
    ),
    _flag(
        "system_alarm",
        info,
        lambda battery: battery.battery.data.values.alarm,
        BinarySensorDeviceClass.PROBLEM,
        enabled=True,
    ),
    _flag(
        "system_warning",
        info,
        lambda battery: battery.battery.data.values.warning,
        BinarySensorDeviceClass.PROBLEM,
        enabled=True,
    ),
    _flag(
        "using_reserve",
        live,
        lambda battery: battery.newest.derived.using_reserve,
        enabled=True,
        diagnostic=False,
    ),
    _flag(
        "internet_connected",
        detail,
        lambda battery: battery.newest.derived.internet,
        BinarySensorDeviceClass.CONNECTIVITY,
        exists_fn=lambda battery: battery.seen(
            "led_state", lambda: battery.newest.derived.led_state is not None
        ),
    ),
    _flag(
        "backup_overload",
        live,
        lambda battery: battery.newest.derived.overload,
        BinarySensorDeviceClass.PROBLEM,
    ),
    *(
        _flag(
            f"flow_{flow}",
            live,
            lambda battery, flow=flow: battery.live.data.status.flows.get(flow),  # type: ignore[misc]
            diagnostic=False,
        )
        for flow in (
            "consumption_battery",
            "consumption_grid",
            "consumption_production",
            "grid_battery",
            "production_battery",
            "production_grid",
        )
    ),
    _flag(
        "balance_charge_request",
        info,
        lambda battery: battery.battery.data.values.balance_charge,
    ),
    _flag(
        "generator_autostart",
        live,
        lambda battery: battery.live.data.status.generator_autostart,
    ),
    _flag(
        "system_installed",
        live,
        lambda battery: battery.live.data.status.installed,
    ),
    _flag(
        "blackstart_enabled",
        configuration,
        lambda battery: battery.config.data.values.blackstart,
    ),
)

# Named by what it is used for
IO = BinarySensorEntityDescription(
    key="io",
    translation_key="io",
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SonnenConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors with their data."""
    add_with_their_data(entry, async_add_entities, _candidates)


def _candidates(battery: SonnenBattery) -> list[Candidate]:
    found: list[Candidate] = [
        (
            battery.serial,
            description.key,
            partial(BatteryBinarySensor, battery, description),
        )
        for description in FLAGS
        if description.exists(battery)
    ]
    items = battery.io.data.values if battery.io.known else {}
    found += [
        (battery.serial, f"io_{name}", partial(IoBinarySensor, battery, item))
        for name, item in items.items()
    ]
    return found


class BatteryBinarySensor(BatteryEntity, BinarySensorEntity):
    """A yes or no of the battery."""

    entity_description: BatteryBinarySensorDescription

    def __init__(
        self, battery: SonnenBattery, description: BatteryBinarySensorDescription
    ) -> None:
        """Bind the description to the battery."""
        super().__init__(battery, description.source(battery), description)

    @property
    @override
    def shown(self) -> Hashable:
        return self.is_on

    @property
    @override
    def is_on(self) -> bool | None:
        return self.entity_description.value_fn(self.battery)


class IoBinarySensor(BatteryEntity, BinarySensorEntity):
    """A digital input or output; they are read only while one of them is enabled."""

    def __init__(self, battery: SonnenBattery, item: IoItem) -> None:
        """Bind to one of them."""
        super().__init__(battery, battery.io, IO)
        self._name = item.name
        self._attr_unique_id = f"{battery.serial}_io_{slug(item.name)}"
        self._attr_translation_placeholders = {"usage": item.usage}

    @property
    @override
    def available(self) -> bool:
        return super().available and self._name in self.coordinator.data.values

    @property
    @override
    def shown(self) -> Hashable:
        return (self.is_on, repr(self.extra_state_attributes))

    @property
    @override
    def is_on(self) -> bool | None:
        item: IoItem | None = self.coordinator.data.values.get(self._name)
        return item.on if item is not None else None

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        item: IoItem | None = self.coordinator.data.values.get(self._name)
        return {"name": self._name, "connector": item.connector if item else None}
