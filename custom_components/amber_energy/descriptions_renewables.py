"""Sensors of the renewables in a state's grid (reference sections 3.5 and 9.1)."""

from dataclasses import dataclass

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import UnitOfRatio

from .driver import RenewablesDescriptor
from .states import STATES

RENEWABLES_DESCRIPTORS = [str(item) for item in RenewablesDescriptor]


@dataclass(frozen=True, kw_only=True)
class RenewablesDescription(SensorEntityDescription):
    """Says of which state it shows what; without one it is the site's."""

    state: str | None = None


def _share(key: str, state: str | None = None) -> RenewablesDescription:
    return RenewablesDescription(
        key=key,
        translation_key=key,
        state_class=SensorStateClass.MEASUREMENT,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        suggested_display_precision=1,
        entity_registry_enabled_default=state is not None,
        state=state,
    )


def _descriptor(key: str, state: str | None = None) -> RenewablesDescription:
    return RenewablesDescription(
        key=key,
        translation_key=key,
        device_class=SensorDeviceClass.ENUM,
        options=RENEWABLES_DESCRIPTORS,
        entity_registry_enabled_default=state is not None,
        state=state,
    )


OF_THE_SITE = (_share("state_renewables"), _descriptor("renewables_descriptor"))
OF_OTHER_STATES = tuple(
    make(f"{key}_{state}", state)
    for state in STATES
    for make, key in ((_share, "renewables"), (_descriptor, "renewables_descriptor"))
)
