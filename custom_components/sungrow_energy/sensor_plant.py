"""Sensors that show a plant and the account (reference section 9.1)."""

from collections.abc import Hashable
from datetime import datetime, time, timedelta
from typing import Any, override

from homeassistant.core import callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.typing import StateType

from ._vendor.core.ha.entity import BundleSensor
from .describe import Lasting, PointDescription
from .descriptions_plant import (
    ACTIVE_FAULT,
    DATA_TIME,
    NO_FAULT,
    AccountDescription,
    EntryDescription,
    ExtraDescription,
    Value,
    newest,
)
from .entity import PlantEntity, same_day
from .enums import UNKNOWN_FAULT
from .plant import Plant
from .readings import Extra, Fault
from .runtime import SungrowRuntime
from .unknown_points import amount, describe_unknown

_LOOK_EVERY = timedelta(minutes=5)


class PlantSensor(PlantEntity, BundleSensor[Any]):
    """A value of a plant: its own, or made of its devices' ones."""

    entity_description: PointDescription

    def __init__(
        self, runtime: SungrowRuntime, plant: Plant, description: PointDescription
    ) -> None:
        """Bind the description to the plant."""
        super().__init__(runtime, plant, description, description.identity)

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        if self.entity_description.lasting is not Lasting.TOTAL:
            # A value may end between two polls, and while none succeeds
            self.async_on_remove(
                async_track_time_interval(
                    self.hass, self._look, _LOOK_EVERY, cancel_on_shutdown=True
                )
            )

    @callback
    def _look(self, _now: datetime) -> None:
        self._handle_coordinator_update()

    @property
    @override
    def observed_at(self) -> datetime | None:
        return self.plant.observed_at

    @property
    @override
    def available(self) -> bool:
        """Whether the value still holds: counters stand, those of a day for that day.

        What the plant's own points do not say, a device may.
        """
        lasting = self.entity_description.lasting
        if lasting is Lasting.LIVE and not self.plant.own_fresh:
            return self.plant.fresh and self.native_value is not None
        key = self.entity_description.key
        if lasting is Lasting.TODAY and not self.plant.shows_today(key):
            return False
        if self.plant.fresh:
            return True
        if not self.plant.answered or (at := self.plant.observed_at) is None:
            return False
        return lasting is Lasting.TOTAL or same_day(at, self.plant)

    @property
    @override
    def native_value(self) -> StateType:
        return self.plant.values.get(self.entity_description.key)


class EntrySensor(PlantEntity, BundleSensor[Any]):
    """What the list of plants says of a plant."""

    entity_description: EntryDescription

    def __init__(
        self, runtime: SungrowRuntime, plant: Plant, description: EntryDescription
    ) -> None:
        """Bind the description to the plant's row of the list."""
        super().__init__(runtime, plant, description, coordinator=runtime.listing)

    @property
    @override
    def native_value(self) -> Value:
        return self.entity_description.value_fn(self.plant)

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        if (unit_fn := self.entity_description.unit_fn) is None:
            return super().native_unit_of_measurement
        return unit_fn(self.plant)


class ExtraSensor(PlantEntity, BundleSensor[Any]):
    """An amount that only the account login's list of plants has."""

    entity_description: ExtraDescription

    def __init__(
        self, runtime: SungrowRuntime, plant: Plant, description: ExtraDescription
    ) -> None:
        """Bind the description to the plant's row of the list."""
        super().__init__(runtime, plant, description, coordinator=runtime.listing)

    @property
    @override
    def native_value(self) -> StateType:
        told = self.plant.entry.extras.get(self.entity_description.key)
        return told[0] if told is not None else None

    @property
    @override
    def native_unit_of_measurement(self) -> str | None:
        told = self.plant.entry.extras.get(self.entity_description.key)
        return (
            told[1] if told is not None else None
        ) or super().native_unit_of_measurement

    @property
    @override
    def last_reset(self) -> datetime | None:
        description = self.entity_description
        at = self.coordinator.observed_at
        if (
            description.native_unit_of_measurement is not None
            or description.lasting is not Lasting.TODAY
            or at is None
        ):
            return None
        zone = self.plant.zone
        return datetime.combine(at.astimezone(zone).date(), time.min, zone)


class ActiveFaultSensor(PlantEntity, BundleSensor[Any]):
    """The newest open fault of a plant; its attribute lists all of them."""

    def __init__(self, runtime: SungrowRuntime, plant: Plant) -> None:
        """Bind to the list of faults."""
        super().__init__(runtime, plant, ACTIVE_FAULT, coordinator=plant.faults_listing)

    @property
    @override
    def native_value(self) -> str:
        faults = self.plant.faults
        return (faults[0].name or UNKNOWN_FAULT) if faults else NO_FAULT

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        names = {device.ps_key: device.name for device in self.plant.devices}
        return {
            "faults": [
                fault_data(fault, names.get(fault.ps_key or ""))
                for fault in self.plant.faults or ()
            ]
        }

    @property
    @override
    def shown(self) -> Hashable:
        return (super().shown, repr(self.extra_state_attributes))


class DataTimeSensor(PlantEntity, BundleSensor[Any]):
    """When a plant's devices last sent something."""

    def __init__(self, runtime: SungrowRuntime, plant: Plant) -> None:
        """Bind to the plant."""
        super().__init__(runtime, plant, DATA_TIME)

    @property
    @override
    def available(self) -> bool:
        return True

    @property
    @override
    def native_value(self) -> datetime | None:
        return newest(self.plant)


class UnknownPlantPointSensor(PlantEntity, BundleSensor[Any]):
    """A point of a plant that no table of ours has."""

    def __init__(self, runtime: SungrowRuntime, plant: Plant, point_id: str) -> None:
        """Bind the point to the plant; its first value decides what it is."""
        self._point_id = point_id
        extra = _extra(plant, point_id)
        super().__init__(runtime, plant, describe_unknown(point_id, extra))

    @property
    @override
    def native_value(self) -> StateType:
        return amount(self.entity_description, _extra(self.plant, self._point_id))


class AccountSensor(PlantEntity, BundleSensor[Any]):
    """A diagnostic value of the account, shown with its first plant."""

    entity_description: AccountDescription

    def __init__(
        self, runtime: SungrowRuntime, plant: Plant, description: AccountDescription
    ) -> None:
        """Bind the description to the account."""
        super().__init__(runtime, plant, description)
        self._attr_unique_id = f"{runtime.entry.entry_id}_{description.key}"

    @property
    @override
    def available(self) -> bool:
        return True

    @property
    @override
    def native_value(self) -> StateType:
        return self.entity_description.value_fn(self.runtime)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        return dict(self.entity_description.attributes_fn(self.runtime))


def fault_data(fault: Fault, device: str | None) -> dict[str, Any]:
    """Return what is told of a fault: codes and our own words, no text of the server."""
    return {
        "code": fault.code,
        "fault": fault.name or UNKNOWN_FAULT,
        "kind": fault.kind,
        "level": fault.level,
        "started": fault.started.isoformat() if fault.started is not None else None,
        "device": device,
    }


def _extra(plant: Plant, point_id: str) -> Extra | None:
    reading = plant.reading
    return reading.unknown.get(point_id) if reading is not None else None
