"""The tables of an integration's entities."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
import re
from typing import Any

from homeassistant.components.number import const as number
from homeassistant.components.sensor import SensorDeviceClass, const as sensor
from homeassistant.const import EntityCategory
from homeassistant.helpers.entity import EntityDescription

from .markdown import NOTHING, plain, table
from .meanings import Key, Meanings

LEGEND = """\
**On**: *no* is disabled by default, enable it in the entity's settings; *varies*: it depends on the device.
**Kind**: a *setting* stands under *Configuration* on the device's page, a *diagnostic* under *Diagnostic*.
A word in *italics* in a name stands for a number, a letter or a name."""

_HEADINGS = {
    "sensor": "Sensors",
    "binary_sensor": "Binary sensors",
    "number": "Numbers",
    "select": "Selects",
    "switch": "Switches",
    "time": "Times",
    "button": "Buttons",
    "event": "Events",
}
_KINDS = {
    None: "",
    EntityCategory.CONFIG: "setting",
    EntityCategory.DIAGNOSTIC: "diagnostic",
}
# What stands in for a unit where Home Assistant or the device brings it
_UNITS: dict[str | None, str] = {
    SensorDeviceClass.DATE: "date",
    SensorDeviceClass.MONETARY: "currency",
    SensorDeviceClass.TIMESTAMP: "date and time",
}
_KNOWN_UNITS: Mapping[str, Mapping[Any, Collection[Any]]] = {
    "number": number.DEVICE_CLASS_UNITS,
    "sensor": sensor.DEVICE_CLASS_UNITS,
}
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(slots=True)
class Entity:
    """What all descriptions with one name say."""

    platform: str
    key: str
    name: str
    units: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    enabled: set[bool] = field(default_factory=set)
    measured: bool = False

    def add(self, description: EntityDescription, unit: str | None) -> None:
        """Takes one of the descriptions in; its text may have a unit."""
        self.units.add(unit or _unit(description))
        self.measured |= _is_measured(self.platform, description)
        self.kinds.add(_KINDS[description.entity_category])
        # Where the device decides, the description says what is possible
        shown = {description.entity_registry_enabled_default}
        self.enabled |= getattr(description, "defaults", shown)

    @property
    def lacks_unit(self) -> bool:
        """Whether there should be a unit, and none of the descriptions has it."""
        return self.measured and self.units == {NOTHING}

    def row(self, meaning: str) -> list[str]:
        """Returns its line of the table."""
        return [
            _PLACEHOLDER.sub(_in_italics, plain(self.name)),
            ", ".join(sorted(self.units - {NOTHING})) or NOTHING,
            meaning,
            next(iter(self.kinds)) if len(self.kinds) == 1 else "varies",
            "varies"
            if len(self.enabled) > 1
            else "no"
            if False in self.enabled
            else "yes",
        ]


def _in_italics(placeholder: re.Match[str]) -> str:
    """Returns a placeholder's name; one that follows a word brings its own blank."""
    before = placeholder.string[: placeholder.start()]
    return f"{' ' if before[-1:].islower() else ''}*{placeholder[1]}*"


def _unit(description: EntityDescription) -> str:
    if unit := getattr(description, "native_unit_of_measurement", None):
        return str(unit)
    if description.device_class in _UNITS:
        return _UNITS[description.device_class]
    return "vendor's own" if getattr(description, "unit_fn", None) else NOTHING


def _is_measured(platform: str, description: EntityDescription) -> bool:
    """Whether Home Assistant knows no value of this kind without a unit."""
    known = _KNOWN_UNITS.get(platform, {})
    return None not in known.get(description.device_class, {None})


def collect(
    found: Iterable[tuple[str, EntityDescription]],
    texts: Mapping[str, Mapping[str, Any]],
) -> dict[Key, Entity]:
    """Returns the entities by platform and key of their text, in the order of their names.

    A description without a key is a template: the entities that are made of it put
    something in front of its name.
    """
    found = list(found)
    own = {(platform, item.translation_key) for platform, item in found}
    entities: dict[Key, Entity] = {}
    for platform, description in found:
        for key in _keys(platform, description, texts.get(platform, {}), own):
            text = texts.get(platform, {}).get(key, {})
            name = text.get("name") or str(description.device_class or key)
            entity = entities.setdefault(
                (platform, key), Entity(platform=platform, key=key, name=name)
            )
            entity.add(description, text.get("unit_of_measurement"))
    return dict(
        sorted(entities.items(), key=lambda item: (item[1].name.lower(), item[0]))
    )


def _keys(
    platform: str,
    description: EntityDescription,
    texts: Iterable[str],
    own: set[tuple[str, str | None]],
) -> list[str]:
    if description.translation_key is not None:
        return [description.translation_key]
    return [
        key
        for key in texts
        if key.endswith(f"_{description.key}") and (platform, key) not in own
    ]


def render(entities: Mapping[Key, Entity], meanings: Meanings) -> str:
    """Returns the tables, one of each platform."""
    parts = [LEGEND]
    if unknown := {platform for platform, _ in entities} - _HEADINGS.keys():
        raise ValueError(f"no heading is known for {', '.join(unknown)}")
    for platform, heading in _HEADINGS.items():
        rows = [
            entity.row(meanings.get(key, NOTHING))
            for key, entity in entities.items()
            if entity.platform == platform
        ]
        if rows:
            parts += [
                f"### {heading}",
                table(("Name", "Unit", "Meaning", "Kind", "On"), rows),
            ]
    return "\n\n".join(parts)
