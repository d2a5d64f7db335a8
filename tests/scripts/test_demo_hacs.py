"""The parts of scripts/demo --hacs that can be tested without starting it."""

import ast
import importlib
import json
from pathlib import Path
import sys
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import pytest

from scripts.demolib.folder import ROOT, Demo, DemoError
from scripts.demolib.hub_folder import (
    build_hub,
    delete_hub,
    extract_hub,
    installed,
    prepare_with_hub,
)
from scripts.demolib.hub_guide import guide
from scripts.demolib.hub_life import DOMAINS, HubLife
from scripts.demolib.hub_release import build_next, mark, shown_code, version_after
from scripts.demolib.log import HomeAssistantLog
from scripts.demolib.vendors import VENDORS, entries_with_ports

HUB = "all_energy"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_hub(tmp_path_factory.mktemp("dist"))


@pytest.fixture
def demo(tmp_path: Path) -> Demo:
    return Demo(folder=tmp_path, zone="Etc/GMT", simulator_port=8200)


def test_nothing_but_the_hub_is_there_in_the_beginning(
    demo: Demo, archive: Path
) -> None:
    prepare_with_hub(demo, archive)
    assert set(installed(demo)) == {HUB}
    payload = demo.config / "custom_components" / HUB / "integrations"
    assert {path.name for path in payload.iterdir()} == set(DOMAINS)


def test_the_hub_is_replaced_whole(demo: Demo, archive: Path) -> None:
    extract_hub(demo, archive)
    old = demo.config / "custom_components" / HUB / "old.py"
    old.touch()
    extract_hub(demo, archive)
    assert not old.exists()
    delete_hub(demo)
    assert installed(demo) == {}


def test_the_checkout_is_not_taken_for_an_installation(
    demo: Demo, tmp_path: Path, archive: Path
) -> None:
    checkout = tmp_path / "checkout" / HUB
    checkout.mkdir(parents=True)
    demo.config.mkdir()
    (demo.config / "custom_components").symlink_to(checkout.parent)
    with pytest.raises(DemoError, match="--fresh"):
        extract_hub(demo, archive)
    assert checkout.exists()


def test_it_is_told_what_each_simulator_expects(demo: Demo) -> None:
    lines = list(guide(demo))
    entries = sum(len(vendor.entries) for vendor in VENDORS)
    assert sum(not line.startswith(" ") for line in lines) == entries
    for vendor in VENDORS:
        assert any(line.startswith(vendor.name) for line in lines)
        for place, _ in entries_with_ports(vendor):
            port = str(demo.simulator_port + place)
            assert any(port in line for line in lines), vendor.name
    assert "    Region: Europe" in lines
    assert "        Use https: off" in lines
    assert "    choose API token" in lines


def test_releases_follow_the_checkouts(tmp_path: Path) -> None:
    first, second = version_after(0), version_after(1)
    manifest = ROOT / "custom_components" / HUB / "manifest.json"
    assert first == json.loads(manifest.read_bytes())["version"] != second
    with ZipFile(build_next(tmp_path, second)) as content:
        for name in content.namelist():
            text = content.read(name)
            if name.endswith("manifest.json"):
                assert json.loads(text)["version"] == second
            elif name.startswith("integrations/") and name.endswith(".py"):
                assert f'CODE_OF_RELEASE = "{second}"'.encode() in text, name
                ast.parse(text)


@pytest.mark.parametrize(
    ("of_sensor", "shown"), [("1.0.1", "1.0.1"), ("1.0.0", "1.0.0 1.0.1")]
)
async def test_a_vendor_shows_whose_modules_it_runs(
    of_sensor: str, shown: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / f"made_up_{of_sensor.replace('.', '_')}"
    folder.mkdir()
    set_up = "async def async_setup_entry(hass, entry):\n    from . import sensor\n"
    (folder / "__init__.py").write_text(set_up)
    (folder / "sensor.py").write_text("")
    mark(folder, "1.0.1")
    sensor = folder / "sensor.py"
    sensor.write_text(sensor.read_text().replace("1.0.1", of_sensor))
    monkeypatch.syspath_prepend(tmp_path)
    hass = FakeStates()
    try:
        module = importlib.import_module(folder.name)
        await module.async_setup_entry(SimpleNamespace(states=hass), None)
    finally:
        for name in [name for name in sys.modules if name.startswith(folder.name)]:
            del sys.modules[name]
    api: Any = hass
    assert await shown_code(api) == {folder.name: shown}


class FakeStates:
    """States as they are set and as the API tells them."""

    def __init__(self) -> None:
        self.states = {"sensor.sun": "1"}

    def async_set(self, entity_id: str, state: str) -> None:
        self.states[entity_id] = state

    async def get(self, _path: str) -> list[dict[str, str]]:
        return [{"entity_id": key, "state": self.states[key]} for key in self.states]


def test_other_versions_and_remains_are_problems(demo: Demo) -> None:
    folder = demo.config / "custom_components"

    def install(domain: str, version: str) -> None:
        (folder / domain).mkdir(parents=True, exist_ok=True)
        (folder / domain / "manifest.json").write_text(f'{{"version": "{version}"}}')

    running: Any = SimpleNamespace(demo=demo, hass=None)
    life = HubLife(running)
    install(HUB, "2.0.0")
    install("vendor", "1.0.0")
    assert life.folder_problems(["vendor"], version="1.0.0", hub="2.0.0") == []
    assert life.folder_problems([], version="1.0.0", hub="2.0.0")
    assert life.folder_problems(["vendor", "other"], version="1.0.0", hub="2.0.0")
    assert life.folder_problems(["vendor"], version="2.0.0", hub="2.0.0")
    assert life.folder_problems(["vendor"], version="1.0.0", hub=None)
    (folder / f".{HUB}").mkdir()
    assert life.folder_problems(["vendor"], version="1.0.0", hub="2.0.0") == [
        f".{HUB} is left over"
    ]


def test_a_busy_machine_is_no_warning_in_debug_mode() -> None:
    log = HomeAssistantLog((HUB,))
    begin = "2026-05-03 12:00:00.000 WARNING (MainThread)"
    log.line(f"{begin} [asyncio] Executing <Task custom_components/{HUB}> took 0.2 s")
    assert log.ours() == []
    log.line(f"{begin} [homeassistant.util.loop] Detected blocking call by '{HUB}'")
    assert len(log.ours()) == 1
