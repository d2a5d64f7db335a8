"""How firmware versions answer differently (sonnen.md sections 3 and 10)."""

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(slots=True, kw_only=True)
class Variant:
    """Shapes of answers; plain attributes are switches for tests."""

    missing_endpoints: set[str] = field(default_factory=set)
    """Answered 404 with a page: `inverter`, `io`, `configurations`, `configuration`
    (a single key) and so on; `status` too."""
    missing_keys: set[str] = field(default_factory=set)
    """`endpoint.key` on the uppermost level, as `status.Consumption_Avg`."""
    missing_configurations: set[str] = field(default_factory=set)
    """Configuration keys that the system does not have; for the start only."""
    remaining_key: str = "RemainingCapacity_Wh"
    meter_shape: Literal["list", "dict"] = "list"
    inverter_shape: Literal["flat", "nested"] = "flat"
    """nested: below `status`, with numbers as strings."""
    led_names: Literal["current", "old"] = "current"
    """old: neither `Brightness` nor `Eclipse Status`, and other colour words."""
    flat_status: bool = False
    """The groups of firmware up to 1.6."""
    configuration_types: Literal["strings", "native"] = "strings"
    """native: numbers and lists as such."""
    string_numbers: set[str] = field(default_factory=set)
    """Endpoints whose numbers are strings."""
    utc_offset: bool = True


_OLD = {
    "status.Apparent_output",
    "status.Consumption_Avg",
    "status.dischargeNotAllowed",
    "status.generator_autostart",
    "battery.fullchargecapacitywh",
    "battery.usableremainingcapacity",
    "battery.nominalmoduledcvoltage",
    "battery.balancechargerequest",
}


def variant(name: str) -> Variant:
    """Return the shapes of a kind of firmware: `current` or `old` (1.8, 48 V)."""
    if name == "current":
        return Variant()
    return Variant(
        missing_keys=set(_OLD),
        missing_endpoints={"io"},
        missing_configurations={
            "EM_Prognosis_Charging",
            "EM_RE_ENABLE_MICROGRID",
            "EM_US_GEN_POWER_SET_POINT",
            "SH_HeaterOperatingMode",
            "SH_HeaterTemperatureMax",
            "SH_HeaterTemperatureMin",
        },
        remaining_key="RemainingCapacity_W",
        led_names="old",
        flat_status=True,
    )


def shaped(variant: Variant, endpoint: str, document: Any) -> Any:
    """Return an answer without the keys that are missing, numbers as they are sent."""
    if isinstance(document, dict):
        document = {
            key: value
            for key, value in document.items()
            if f"{endpoint}.{key}" not in variant.missing_keys
        }
    return as_strings(document) if endpoint in variant.string_numbers else document


def as_strings(document: Any) -> Any:
    """Return a document whose numbers are strings."""
    if isinstance(document, dict):
        return {key: as_strings(value) for key, value in document.items()}
    if isinstance(document, list):
        return [as_strings(value) for value in document]
    if isinstance(document, bool) or not isinstance(document, int | float):
        return document
    return str(document)
