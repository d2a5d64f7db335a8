"""Sensors that show a device's points (reference sections 9.2 to 9.6)."""

from collections.abc import Hashable
from typing import Any, override

from homeassistant.helpers.typing import StateType

from ._vendor.core.ha.entity import BundleSensor
from .describe import PointDescription
from .device import Device
from .entity import DeviceEntity
from .readings import Extra
from .unknown_points import amount, describe_unknown


class PointSensor(DeviceEntity, BundleSensor[Any]):
    """A value of a device's newest sample."""

    entity_description: PointDescription

    def __init__(self, device: Device, description: PointDescription) -> None:
        """Bind the description to the device."""
        super().__init__(device, description, description.identity)
        self.lasting = description.lasting

    @property
    @override
    def native_value(self) -> StateType:
        return self.device.values.get(self.entity_description.key)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        """The code of a status, also of one that no table explains."""
        if self.entity_description.options is None:
            return None
        reading = self.device.reading
        code = reading.codes.get(self.entity_description.key) if reading else None
        return {"code": code}

    @property
    @override
    def shown(self) -> Hashable:
        return (super().shown, repr(self.extra_state_attributes))


class UnknownPointSensor(DeviceEntity, BundleSensor[Any]):
    """A point of a device that no table of ours has."""

    def __init__(self, device: Device, point_id: str) -> None:
        """Bind the point to the device; its first value decides what it is."""
        self._point_id = point_id
        super().__init__(device, describe_unknown(point_id, _extra(device, point_id)))

    @property
    @override
    def native_value(self) -> StateType:
        return amount(self.entity_description, _extra(self.device, self._point_id))


def _extra(device: Device, point_id: str) -> Extra | None:
    reading = device.reading
    return reading.unknown.get(point_id) if reading is not None else None
