"""A repository with one made-up integration and its page, for scripts/docs."""

import json
from pathlib import Path
from typing import Any

from homeassistant.components.number import NumberEntityDescription
from homeassistant.components.sensor import SensorDeviceClass, SensorEntityDescription
from homeassistant.components.switch import SwitchEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.helpers.entity import EntityDescription

from scripts.docslib.__main__ import run
from scripts.docslib.pages import Pages

MARKERS = """\
# Acme

<!-- entities:begin -->
<!-- entities:end -->

by hand

<!-- actions:begin -->
<!-- actions:end -->

the end
"""
SERVICES = """\
force:
  fields:
    device_id:
      required: true
      selector:
        device:
          multiple: true
    power:
      selector:
        number: {min: 0, max: 5000, step: 100, unit_of_measurement: W}
    block:
      default: both
      selector:
        select: {options: [discharge, both], translation_key: block}
    rows:
      example: '[{"start": "01:00"}]'
      selector:
        object:
          multiple: true
          translation_key: rows
          fields:
            start:
              required: true
              selector:
                time:
rest:
"""
ENGLISH: dict[str, Any] = {
    "entity": {
        "sensor": {
            "string_power": {"name": "String {n} power"},
            "income": {"name": "Income"},
            "day_cost": {"name": "Cost of a day"},
            "full_cost": {"name": "Full cost"},
        },
        "number": {"reserve": {"name": "Reserve"}},
        "switch": {"run": {"name": "Run | stop"}},
    },
    "services": {
        "force": {
            "name": "Force",
            "description": "Forces it.",
            "fields": {
                "device_id": {"name": "Device", "description": "Which one"},
                "power": {"name": "Power", "description": "How much"},
                "block": {"name": "Block", "description": "What it may not do"},
                "rows": {"name": "Rows", "description": "When"},
            },
        },
        "rest": {"name": "Rest", "description": "Ends it_now."},
    },
    "selector": {
        "block": {"options": {"discharge": "Discharge", "both": "All of it"}},
        "rows": {"fields": {"start": {"name": "Start", "description": "From when"}}},
    },
}
FOUND: list[tuple[str, EntityDescription]] = [
    (
        "sensor",
        SensorEntityDescription(
            key=f"string_{number}_power",
            translation_key="string_power",
            device_class=SensorDeviceClass.POWER,
            native_unit_of_measurement=unit,
            entity_registry_enabled_default=number == 1,
            entity_category=category,
        ),
    )
    for number, unit, category in (
        (1, "W", None),
        (2, "kW", EntityCategory.DIAGNOSTIC),
        (3, None, None),
    )
]
FOUND += [
    (
        "sensor",
        SensorEntityDescription(
            key="income",
            translation_key="income",
            device_class=SensorDeviceClass.MONETARY,
            entity_category=EntityCategory.DIAGNOSTIC,
        ),
    ),
    ("sensor", SensorEntityDescription(key="total", translation_key="full_cost")),
    ("sensor", SensorEntityDescription(key="cost", native_unit_of_measurement="AUD")),
    (
        "number",
        NumberEntityDescription(
            key="reserve",
            translation_key="reserve",
            native_unit_of_measurement="%",
            entity_category=EntityCategory.CONFIG,
            entity_registry_enabled_default=False,
        ),
    ),
    ("switch", SwitchEntityDescription(key="run", translation_key="run")),
]
COMMON = "number:\n  reserve: What is kept\nswitch:\n  run: Whether it | runs\n"
OWN = """\
sensor:
  string_power: Power of a string
  income: "What it earned: today"
  day_cost: Cost of the day
  full_cost: Cost in all
"""


class Project:
    """A repository with one made-up integration and its page."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.docs = root / "docs"
        self.page = self.docs / "acme.md"
        self.write("custom_components/acme_energy/manifest.json", "{}")
        english = json.dumps(ENGLISH)
        self.write("custom_components/acme_energy/translations/en.json", english)
        self.write("custom_components/acme_energy/services.yaml", SERVICES)
        self.write("custom_components/hub/manifest.json", "{}")
        self.write("custom_components/hub/translations/en.json", "{}")
        self.write("docs/acme.md", MARKERS)
        self.write("docs/meanings/common.yaml", COMMON)
        self.write("docs/meanings/acme_energy.yaml", OWN)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")

    def run(self, *names: str, check: bool) -> int:
        pages = Pages(self.docs, lambda _domain: FOUND)
        return run(self.root, pages, check=check, names=[*names])
