"""The examples of the reference (sections 3.B to 3.I), and what surrounds them."""

from datetime import UTC, datetime
import json
from pathlib import Path
from typing import Any

from custom_components.growatt_energy import driver
from custom_components.growatt_energy.families import Family
from custom_components.growatt_energy.readings import Reading

MIN, SPH, SPA = "TPJ0CD4001", "ODCDA2500A", "WPD0A1234K"
NOAH, STORAGE, INVERTER = "0HVR00AA25BB0001", "KHM0A12345", "INV0A5600B"
# A few minutes after the records were made: 9:04 at the server, UTC+8
NOW = datetime(2026, 2, 22, 1, 7, tzinfo=UTC)
# The NOAH was recorded on the afternoon of that day.
LATER = datetime(2026, 2, 22, 8, 33, tzinfo=UTC)

_FILE = Path(__file__).parent / "fixtures" / "recorded.json"


def recorded(name: str) -> Any:
    """Return a fresh copy of an example."""
    return json.loads(_FILE.read_text(encoding="utf-8"))[name]


def classic_mix(**parts: Any) -> dict[str, Any]:
    """Return a MIX record out of the app's answers; others may be put in."""
    names = ("mix_system_status", "mix_totals", "mix_info", "mix_detail")
    return {name: recorded(name) for name in (*names, "dashboard_data")} | parts


def read(
    family: Family, serial: str, record: dict[str, Any], at: datetime = NOW
) -> Reading:
    """Decode one record that must make a reading."""
    return driver.live({serial: record}, at, family).devices[serial]


def maybe(
    family: Family, serial: str, record: Any, at: datetime = NOW
) -> Reading | None:
    """Decode one record; None if there is nothing in it."""
    return driver.live({serial: record}, at, family).devices.get(serial)
