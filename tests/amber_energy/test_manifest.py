"""What Home Assistant and HACS ask of the integration's folder."""

import json
import tomllib

from homeassistant.core import HomeAssistant
from homeassistant.loader import async_get_integration
import pytest

from custom_components.amber_energy.const import DOMAIN, NAME

from ..manifest_rules import (
    brand_faults,
    imported_components,
    manifest_faults,
    platform_faults,
    quality_faults,
    undeclared_components,
)
from ..translation_rules import ROOT, Texts

TEXTS = Texts(DOMAIN)


def test_manifest() -> None:
    """Loader, validator and HACS accept the manifest."""
    assert manifest_faults(TEXTS) == []


def test_manifest_says_what_it_is() -> None:
    """A purely cloud product without a device: a service per site."""
    manifest = TEXTS.json("manifest.json")
    assert manifest["domain"] == "amber_energy"
    assert manifest["name"] == NAME == "Amber Electric"
    assert manifest["iot_class"] == "cloud_polling"
    assert manifest["integration_type"] == "service"


async def test_home_assistant_loads_it(hass: HomeAssistant) -> None:
    """The loader finds the integration, with the version that it knows how to read."""
    integration = await async_get_integration(hass, DOMAIN)
    assert not integration.is_built_in
    assert str(integration.version) == TEXTS.json("manifest.json")["version"]
    assert integration.has_translations
    assert integration.has_branding


def test_components_are_declared() -> None:
    """Whatever of Home Assistant is imported is loaded when it is needed."""
    assert imported_components(TEXTS) >= {"sensor", "recorder"}
    assert undeclared_components(TEXTS) == set()


def test_one_version_everywhere() -> None:
    """Manifest and project are released together."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert TEXTS.json("manifest.json")["version"] == project["version"]


def test_oldest_home_assistant() -> None:
    """HACS offers it from the release on that it was written for."""
    assert json.loads((ROOT / "hacs.json").read_text("utf-8"))["homeassistant"] == (
        "2026.10.0"
    )


def test_brand_images() -> None:
    """An icon, and one for sharp screens."""
    assert brand_faults(TEXTS) == []


def test_quality_scale() -> None:
    """Each rule of the scale is answered."""
    assert quality_faults(TEXTS) == []


def test_platforms_run_in_parallel() -> None:
    """One slow site does not hold up the others."""
    assert platform_faults(TEXTS) == []


@pytest.mark.parametrize("folder", ["_vendor", "brand", "translations"])
def test_no_links(folder: str) -> None:
    """HACS and zip files would turn links into text files."""
    files = list((TEXTS.folder / folder).rglob("*"))
    assert files
    assert not [path for path in files if path.is_symlink()]
