"""The files themselves: what Home Assistant says of them, and what a person reads."""

from pathlib import Path
import re
from typing import Any

from homeassistant.components.automation.helpers import (
    async_get_blueprints as automations,
)
from homeassistant.components.blueprint import Blueprint
from homeassistant.components.script.helpers import async_get_blueprints as scripts
from homeassistant.const import MAJOR_VERSION, MINOR_VERSION
from homeassistant.core import HomeAssistant
import pytest

from .stage import FOLDER, ROOT, from_repository

VENDORS = {
    path.parent.name for path in ROOT.glob("custom_components/*_energy/manifest.json")
} - {"all_energy"}
FILES = sorted(path.relative_to(FOLDER) for path in FOLDER.rglob("*.yaml"))
PAGE = (ROOT / "docs" / "blueprints.md").read_text(encoding="utf-8")
BLOB = "https://github.com/home-energy-bundle/home-energy-bundle/blob/main/blueprints"
# Entity ids of ours, or of anybody: a platform, a dot, a name, but for actions
HARD_CODED = re.compile(
    r"\b(?:sensor|binary_sensor|select|number|switch|event|input_\w+)\.\w+"
)
ACTIONS = {
    "number.set_value",
    "select.select_option",
    "switch.turn_on",
    "switch.turn_off",
}

each = pytest.mark.parametrize("path", FILES, ids=str)


async def load(hass: HomeAssistant, path: Path) -> Blueprint:
    """Load a blueprint as Home Assistant does."""
    domain = {"automation": automations, "script": scripts}[path.parts[0]]
    with from_repository():
        return await domain(hass).async_get_blueprint(
            str(path.relative_to(path.parts[0]))
        )


def battery_vendors() -> set[str]:
    """Return the integrations that have *Battery mode*."""
    return {
        vendor
        for vendor in VENDORS
        if '"battery_mode"'
        in (ROOT / "custom_components" / vendor / "translations" / "en.json").read_text(
            encoding="utf-8"
        )
    }


@each
async def test_home_assistant_takes_it(hass: HomeAssistant, path: Path) -> None:
    blueprint = await load(hass, path)
    assert blueprint.validate() is None
    head = blueprint.metadata
    assert head["homeassistant"]["min_version"] == f"{MAJOR_VERSION}.{MINOR_VERSION}.0"
    assert head["source_url"] == f"{BLOB}/{path.as_posix()}"
    assert head["author"]
    assert "never does" in head["description"]


@each
async def test_every_input_says_what_it_is(hass: HomeAssistant, path: Path) -> None:
    blueprint = await load(hass, path)
    sections: dict[str, Any] = blueprint.metadata["input"]
    for section in sections.values():
        assert section["name"]
        assert section["input"]
    for name, one in blueprint.inputs.items():
        assert one["name"], name
        assert one["description"], name
        assert len(one["selector"]) == 1, name


@each
async def test_a_collapsed_section_needs_nothing(
    hass: HomeAssistant, path: Path
) -> None:
    blueprint = await load(hass, path)
    for section in blueprint.metadata["input"].values():
        if section.get("collapsed"):
            assert all("default" in one for one in section["input"].values())


@each
async def test_our_entities_are_those_of_all_batteries(
    hass: HomeAssistant, path: Path
) -> None:
    blueprint = await load(hass, path)
    for name, one in blueprint.inputs.items():
        filters = (one["selector"].get("entity") or {}).get("filter", [])
        found = {item["integration"] for item in filters if "integration" in item}
        assert found in (set(), battery_vendors()), name


@each
def test_no_entity_and_no_vendor_is_hard_coded(path: Path) -> None:
    text = (FOLDER / path).read_text(encoding="utf-8")
    text = re.sub(r"\{integration: .*\}", "", text)
    assert set(HARD_CODED.findall(text)) <= ACTIONS
    assert not [vendor for vendor in VENDORS if vendor in text]


@each
def test_the_page_has_its_import(path: Path) -> None:
    url = f"{BLOB}/{path.as_posix()}".replace(":", "%3A").replace("/", "%2F")
    link = (
        f"https://my.home-assistant.io/redirect/blueprint_import/?blueprint_url={url}"
    )
    assert link in PAGE


def test_the_page_has_nothing_else() -> None:
    assert len(re.findall(r"blueprint_url=", PAGE)) == len(FILES) == 11
