"""Points that iSolarCloud has and no table of ours: diagnostic, disabled at first."""

from dataclasses import replace

from homeassistant.components.sensor import SensorEntityDescription, SensorStateClass
from homeassistant.const import EntityCategory
from homeassistant.helpers.typing import StateType

from .readings import Extra

UNKNOWN_POINT = SensorEntityDescription(
    key="unknown_point",
    translation_key="unknown_point",
    entity_category=EntityCategory.DIAGNOSTIC,
    entity_registry_enabled_default=False,
)


def describe_unknown(point_id: str, extra: Extra | None) -> SensorEntityDescription:
    """Return the sensor of a point that nothing is known of.

    It measures if its first value is a number; what the server calls it may be in any
    language, so only its id names it.
    """
    counts = extra is not None and not isinstance(extra.value, str)
    return replace(
        UNKNOWN_POINT,
        key=point_id,
        translation_placeholders={"number": point_id},
        native_unit_of_measurement=extra.unit if counts and extra else None,
        state_class=SensorStateClass.MEASUREMENT if counts else None,
    )


def amount(description: SensorEntityDescription, extra: Extra | None) -> StateType:
    """Return what an unknown point says, None if that is no number any more."""
    if extra is None:
        return None
    if description.state_class is None:
        return str(extra.value)
    return None if isinstance(extra.value, str) else extra.value
