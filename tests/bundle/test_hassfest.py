"""What Home Assistant's validator asks, of the hub and all vendors alike."""

from typing import Any

from homeassistant.const import Platform
import pytest

from ..manifest_rules import (
    brand_faults,
    config_schema_faults,
    manifest_faults,
    platform_faults,
    quality_faults,
    undeclared_components,
)
from ..translation_rules import ROOT, Texts, wrong_style
from .hassfest import (
    file_faults,
    icon_faults,
    registers_services,
    service_faults,
    translation_faults,
)

DOMAINS = sorted(
    path.parent.name for path in (ROOT / "custom_components").glob("*/manifest.json")
)


@pytest.fixture(params=DOMAINS)
def texts(request: pytest.FixtureRequest) -> Texts:
    return Texts(request.param)


def test_all_are_here() -> None:
    assert len(DOMAINS) == 7


def test_manifest(texts: Texts) -> None:
    assert manifest_faults(texts) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"name": ["A"]},
        {"name": ""},
        {"name": None},
        {"codeowners": "@a"},
        {"codeowners": ["a"]},
        {"codeowners": [1]},
        {"dhcp": []},
        {"dhcp": {"hostname": "a"}},
        {"dhcp": ["a"]},
        {"dhcp": [{}]},
        {"dhcp": [{"hostname": "A"}]},
        {"dhcp": [{"hostname": 1}]},
        {"dhcp": [{"macaddress": "aabbcc*"}]},
        {"dhcp": [{"macaddress": "AABBCC"}]},
        {"dhcp": [{"mac": "AABBCC*"}]},
        {"dhcp": [{"registered_devices": "yes"}]},
    ],
    ids=str,
)
def test_wrong_manifests_are_found(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any]
) -> None:
    texts = Texts("sonnen_energy")
    manifest = texts.json("manifest.json") | changes
    monkeypatch.setattr(Texts, "json", lambda _self, _name: manifest)
    (fault,) = manifest_faults(texts)
    assert fault.startswith(f"{next(iter(changes))}: ")


def test_right_manifests_are_not(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = Texts("sonnen_energy")
    matchers = [{"macaddress": "AABBCC*", "hostname": "a-[0-9]*"}]
    manifest = texts.json("manifest.json") | {"dhcp": matchers, "codeowners": ["@a"]}
    monkeypatch.setattr(Texts, "json", lambda _self, _name: manifest)
    assert manifest_faults(texts) == []


def test_dependencies(texts: Texts) -> None:
    assert undeclared_components(texts) == set()


def test_config_schema(texts: Texts) -> None:
    assert config_schema_faults(texts) == []


def test_files(texts: Texts) -> None:
    """Translations, icons and actions."""
    assert file_faults(texts) == []
    assert wrong_style(texts.english) == []


def test_brand(texts: Texts) -> None:
    assert brand_faults(texts) == []


def test_quality_scale(texts: Texts) -> None:
    assert quality_faults(texts) == []


def test_platforms(texts: Texts) -> None:
    assert platform_faults(texts) == []


STEP = {"title": "A", "data": {"a": "A"}, "data_description": {"a": "A."}}
FLOW: dict[str, Any] = {"step": {"user": STEP}}


@pytest.mark.parametrize(
    "english",
    [
        {},
        {"config": {}},
        {"config": FLOW, "option": FLOW},
        {"config": FLOW | {"errors": {}}},
        {"config": {"step": {"user": {"titel": "A"}}}},
        {"config": {"step": {"user": STEP | {"data": {}}}}},
        {"config": {"step": {"user": {"sections": {"more": {"title": "A"}}}}}},
        {"config": FLOW | {"error": {"base": {"text": "A"}}}},
        {"config": FLOW, "options": FLOW | {"flow_title": "A"}},
        {"config": FLOW, "issues": {"a": {"title": "A"}}},
        {"config": FLOW, "issues": {"a": {"description": "A"}}},
        {
            "config": FLOW,
            "issues": {"a": {"title": "A", "description": "A", "fix_flow": FLOW}},
        },
        {"config": FLOW, "issues": {"a": {"title": "A", "fix_flow": {"abort": {}}}}},
        {"config": FLOW, "exceptions": {"a": "A"}},
        {"config": FLOW, "services": {"a": {"name": "A"}}},
        {"config": FLOW, "entity": {"sensor": {"a": "A"}}},
        {"config": FLOW, "selector": {"a": {"option": {}}}},
    ],
    ids=str,
)
def test_wrong_texts_are_found(english: dict[str, Any]) -> None:
    assert translation_faults(english) != []


def test_right_texts_are_not() -> None:
    issues = {
        "a": {"title": "A", "fix_flow": FLOW},
        "b": {"title": "B", "description": "B."},
    }
    assert translation_faults({"config": FLOW, "issues": issues}) == []


@pytest.mark.parametrize(
    "icons",
    [
        {"sensor": {}},
        {"entity": {"sensor": {"a": "mdi:a"}}},
        {"entity": {"sensor": {"a": {"state": {"on": "mdi:a"}}}}},
        {"services": {"a": "mdi:a"}},
    ],
    ids=str,
)
def test_wrong_icons_are_found(icons: dict[str, Any]) -> None:
    assert icon_faults(icons) != []


@pytest.mark.parametrize(
    "service",
    [
        {"target": {"device": {"integration": "a"}}},
        {"field": {}},
        {"fields": {"a": {}}},
        {"fields": {"a": {"selector": {"numbers": {}}}}},
        {"fields": {"a": {"selector": {"number": {"minimum": 1}}}}},
        {"fields": {"a": {"selector": {"text": None}, "name": {}}}},
        {"fields": {"more": {"fields": {"a": {}}}}},
    ],
    ids=str,
)
def test_wrong_actions_are_found(service: dict[str, Any]) -> None:
    assert service_faults({"a": service}) != []


def test_a_vendor_registers_actions() -> None:
    """The search sees what it looks for."""
    found = [
        path
        for path in (ROOT / "custom_components" / "amber_energy").rglob("*.py")
        if registers_services(path.read_text("utf-8"))
    ]
    assert found


def test_the_hub_owns_no_entity() -> None:
    """So that there is nothing that breaks when it is removed."""
    hub = Texts("all_energy")
    manifest = hub.json("manifest.json")
    assert manifest["iot_class"] == "calculated"
    assert manifest["integration_type"] == "service"
    assert manifest["single_config_entry"] is True
    assert "dependencies" not in manifest
    assert "after_dependencies" not in manifest
    assert not (hub.folder / "services.yaml").exists()
    assert {"entity", "services"} & set(hub.english) == set()
    assert not [name for name in Platform if (hub.folder / f"{name}.py").exists()]
