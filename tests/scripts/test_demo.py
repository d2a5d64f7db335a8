"""The parts of scripts/demo that can be tested without starting it."""

from datetime import UTC, datetime, timedelta
import json
from pathlib import Path
import socket
from zoneinfo import ZoneInfo

import pytest

from scripts.demolib.check import unexpected
from scripts.demolib.config_folder import move_simulators, prepare
from scripts.demolib.folder import (
    Demo,
    DemoError,
    free_port,
    locked,
    zone_where_it_is_noon,
)
from scripts.demolib.log import HomeAssistantLog, SimulatorLog
from scripts.demolib.vendors import PORTS, VENDORS, entries_with_ports, ports

from .demo_fakes import AMBER, SONNEN, SONNEN_SERIAL

UNTESTED = "which has not been tested by Home Assistant"


@pytest.mark.parametrize("hour", range(24))
def test_a_new_demo_begins_shortly_before_noon(hour: int) -> None:
    now = datetime(2026, 5, 3, hour, 59, tzinfo=UTC)
    local = now.astimezone(ZoneInfo(zone_where_it_is_noon(now)))
    assert (local.hour, local.minute) == (11, 59)


def test_the_zone_stays_with_the_data(tmp_path: Path) -> None:
    demo = Demo.open(tmp_path)
    demo.zone = "Etc/GMT+7"
    demo.save()
    assert Demo.open(tmp_path).zone == "Etc/GMT+7"


def test_a_damaged_memory_is_said(tmp_path: Path) -> None:
    (tmp_path / "demo.json").write_text("{")
    with pytest.raises(DemoError, match="--fresh"):
        Demo.open(tmp_path)


@pytest.mark.usefixtures("socket_enabled")
def test_a_taken_port_is_passed_over() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        taken = server.getsockname()[1]
        found = free_port(taken)
    assert found != taken
    assert 0 < found - taken < 100


def test_one_demo_per_folder(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(DemoError, match="already running"):
        locked(tmp_path).__enter__()
    with locked(tmp_path):
        pass


def test_home_assistant_listens_on_this_machine_only(tmp_path: Path) -> None:
    demo = Demo.open(tmp_path)
    demo.port = 8125
    prepare(demo)
    http = json.loads((demo.config / ".storage" / "http").read_text())["data"]
    assert http["stable"]["server_host"] == ["127.0.0.1"]
    assert http["stable"]["server_port"] == 8125
    assert "http:" not in (demo.config / "configuration.yaml").read_text()


def test_automations_can_be_made_in_the_editor(tmp_path: Path) -> None:
    demo = Demo.open(tmp_path)
    prepare(demo)
    configuration = (demo.config / "configuration.yaml").read_text()
    assert "automation: !include automations.yaml" in configuration
    assert (demo.config / "automations.yaml").read_text() == "[]\n"


def test_a_second_start_keeps_the_user_and_takes_the_new_port(tmp_path: Path) -> None:
    demo = Demo.open(tmp_path)
    demo.port = 8125
    prepare(demo)
    demo.save()
    auth = (demo.config / ".storage" / "auth").read_text()

    again = Demo.open(tmp_path)
    again.port = 8126
    prepare(again)

    assert (again.config / ".storage" / "auth").read_text() == auth
    assert again.token == demo.token
    http = json.loads((demo.config / ".storage" / "http").read_text())["data"]
    assert http["stable"]["server_port"] == 8126


def test_entries_follow_the_simulators_to_their_new_ports(tmp_path: Path) -> None:
    demo = Demo.open(tmp_path)
    demo.simulator_port = 9000
    storage = demo.config / ".storage"
    storage.mkdir(parents=True)
    entries = storage / "core.config_entries"

    def data(first: int, second: int) -> list[object]:
        return [
            {"server_url": f"http://127.0.0.1:{first}/api"},
            {"server_url": f"http://127.0.0.1:{first}1/api"},
            {"server_url": f"http://127.0.0.1:{second}/"},
            {"host": "127.0.0.1", "port": second, "serial": "9001"},
            {"host": "192.0.2.1", "port": 9001},
        ]

    stored = data(9000, 9001)
    entries.write_text(json.dumps({"data": {"entries": stored}}))
    move_simulators(demo, 9001, 2)
    moved = data(9001, 9002)
    moved[1] = stored[1]
    assert json.loads(entries.read_text()) == {"data": {"entries": moved}}


def test_each_port_of_the_simulators_belongs_to_one_vendor() -> None:
    places = [place for vendor in VENDORS for place in ports(vendor)]
    assert places == list(range(PORTS))
    assert [len(ports(vendor)) for vendor in VENDORS] == [1, 2, 2, 2, 1, 1]


def test_entries_of_one_token_share_a_port() -> None:
    assert [place for place, _ in entries_with_ports(SONNEN)] == [1, 2]
    assert [place for place, _ in entries_with_ports(AMBER)] == [8, 8]
    inputs = [entry("http://127.0.0.1:9000") for entry in AMBER.entries]
    assert {one["user"]["expert"]["server_url"] for one in inputs} == {
        "http://127.0.0.1:9000/v1"
    }
    assert [one["site"]["site_id"] for one in inputs] == list(AMBER.sites)


def test_a_battery_is_set_up_at_its_own_address() -> None:
    inputs = [
        entry(f"http://127.0.0.1:900{place}")["user"]
        for place, entry in enumerate(SONNEN.entries)
    ]
    assert [one["port"] for one in inputs] == [9000, 9001]
    assert len({one["token"] for one in inputs}) == 2
    assert inputs[0]["host"] == "127.0.0.1"
    assert inputs[0]["serial"] == SONNEN_SERIAL


def test_a_restart_explains_one_line_of_the_log_each() -> None:
    away = (
        "ERROR [custom_components.sonnen_energy] sonnenBatterie cannot be read (live)"
    )
    other = "ERROR [custom_components.sonnen_energy] KeyError"
    assert unexpected([away, other, away]) == [other]
    assert unexpected([away] * 3) == [away]


def test_the_log_shows_what_matters(capsys: pytest.CaptureFixture[str]) -> None:
    log = HomeAssistantLog(("acme_energy",))
    moment = f"{datetime(2026, 5, 3) + timedelta(hours=1)}.123"
    for line in (
        f"{moment} WARNING (SyncWorker_0) [homeassistant.loader] acme_energy {UNTESTED}",
        f"{moment} INFO (MainThread) [custom_components.acme_energy] fine",
        "continued",
        f"{moment} ERROR (MainThread) [custom_components.acme_energy] not fine",
        "Traceback (most recent call last):",
        "ValueError: 1",
        f"{moment} WARNING (MainThread) [homeassistant.components.x] not ours",
    ):
        log.line(line)
    assert len(log.records) == 2
    assert log.ours() == [log.records[0]]
    assert log.records[0].endswith("ValueError: 1")
    assert len(capsys.readouterr().out.splitlines()) == 4


def test_the_simulators_traceback_is_an_error() -> None:
    log = SimulatorLog()
    for line in (
        "listening",
        "Traceback (most recent call last):",
        '  File "x.py", line 1',
        "ValueError: 1",
        "GET /api 200",
    ):
        log.line(line)
    assert log.errors[-1] == "ValueError: 1"
    assert len(log.errors) == 3
