"""What scripts/demo --check knows of control, without a Home Assistant."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
import json
from typing import Any

import pytest

from scripts.demolib.automation import ForceAutomation, configuration, end_of_run
from scripts.demolib.battery import (
    Battery,
    answer_problems,
    differences,
    end_of,
    power_problems,
)
from scripts.demolib.dashboard import control_cards, make_dashboard, outage_cards
from scripts.demolib.folder import DemoError
from scripts.demolib.homes import FLOWS, POWERS
from scripts.demolib.process import Child
from scripts.demolib.sim import Simulator
from scripts.demolib.vendor import FEED_IN, GENERAL
from simulator.alphaess import AlphaEssSimulator

from .demo_fakes import (
    ALPHAESS,
    ASKED,
    PERIODIC,
    SERIAL,
    SONNEN,
    FakeHass,
    a_home,
    a_tariff,
    an_answer,
    write,
)

SLEEPER = """
import signal, time
signal.signal(signal.SIGTERM, lambda *_: print("goodbye", flush=True))
print("ready", flush=True)
time.sleep(60)
"""


# The response


def test_a_good_response_has_no_problem() -> None:
    assert answer_problems(an_answer(121), ASKED) == []
    assert end_of(an_answer(121)) == ASKED + timedelta(seconds=121)


@pytest.mark.parametrize(
    "answer",
    [
        an_answer(121, "unchanged"),
        an_answer(119),
        an_answer(130),
        {"outcome": "applied", "expires_at": None},
        {"outcome": "applied"},
    ],
)
def test_a_wrong_response_is_a_problem(answer: Mapping[str, Any]) -> None:
    assert len(answer_problems(answer, ASKED)) == 1


def test_a_second_call_may_have_found_everything_done() -> None:
    answer = an_answer(121, "unchanged")
    assert answer_problems(answer, ASKED, ("applied", "unchanged")) == []


@pytest.mark.parametrize(
    ("battery", "grid", "mode", "right"),
    [
        (-3000.0, 3500.0, "force_charge", True),
        (-3000.0, 0.0, "force_charge", False),  # from the sun
        (3000.0, 3500.0, "force_charge", False),
        (4600.0, -4100.0, "force_discharge", True),
        (500.0, 0.0, "force_discharge", False),  # into the house only
        (-4600.0, -4100.0, "force_discharge", False),
        (500.0, 0.0, "self_use", True),
        (500.0, 5000.0, "self_use", False),
        (500.0, -5000.0, "self_use", False),
        (0.0, 500.0, "self_use", False),
    ],
)
def test_powers_are_those_of_the_mode(
    battery: float, grid: float, mode: str, right: bool
) -> None:
    problems = power_problems("here", mode, battery=battery, grid=grid)
    assert (problems == []) is right


# The settings


def test_settings_are_compared_to_the_byte() -> None:
    before = {"a": {"on": 0, "limits": [90.0, 15]}}
    text = json.dumps(before)
    assert differences(text, json.dumps(before)) == []
    assert differences(text, text.replace("90.0", "90")) == [
        "a.limits.0 was 90.0, is 90"
    ]
    assert differences(text, json.dumps({"a": {"on": 0}})) == [
        "a.limits.0 was 90.0, is not there",
        "a.limits.1 was 15, is not there",
    ]
    assert len(differences('{"a": 1, "b": 2}', '{"b": 2, "a": 1}')) == 1


@pytest.mark.parametrize("serial", [SERIAL, PERIODIC])
async def test_all_that_a_write_can_change_is_looked_at(
    simulator: AlphaEssSimulator, house: Simulator, serial: str
) -> None:
    battery = Battery(None, a_home(serial=serial), house)  # type: ignore[arg-type]
    system = simulator.systems[serial]
    seen = {await battery.stored()}
    for setting in (
        system.charge,
        system.discharge,
        system.periodic,
        system.household,
    ):
        setting.stored = {**setting.stored, "new": 1.0}
        seen.add(await battery.stored())
    assert len(seen) == 5


async def test_writes_and_what_they_changed_are_counted(
    simulator: AlphaEssSimulator, battery: Battery
) -> None:
    assert await battery.journal() == (0, 0)
    write(simulator, gridCharge=1)
    write(simulator, gridCharge=1)
    assert await battery.journal() == (2, 1)


# The simulator


async def test_the_simulated_battery_reacts_at_once_and_feeds_the_house(
    simulator: AlphaEssSimulator, battery: Battery
) -> None:
    await battery.make_needed()
    assert simulator.systems[SERIAL].reaction_delay < 5
    assert await battery.truth_problems("self_use") == []
    assert await battery.truth_problems("force_charge")
    await battery.let_go()
    assert simulator.houses[SERIAL].overrides.pv_w is None


async def test_only_the_endpoints_that_write_settings_are_held_up(
    simulator: AlphaEssSimulator, house: Simulator
) -> None:
    control = ALPHAESS.control
    assert control is not None
    numbers = [await house.delay_next(SERIAL, glob, 6) for glob in control.writes]
    assert await house.faults(SERIAL) == set(numbers)
    for endpoint in (
        "updateChargeConfigInfo",
        "updateDisChargeConfigInfo",
        "setTimeChargeBySn",
    ):
        assert any(fault.matches(endpoint, SERIAL) for fault in simulator.faults.active)
    assert not any(
        fault.matches("getChargeConfigInfo", SERIAL)
        for fault in simulator.faults.active
    )
    for number in numbers:
        await house.remove_fault(SERIAL, number)
    assert await house.faults(SERIAL) == set()


# The automation


def test_the_automation_restarts_itself() -> None:
    made = configuration(a_home(), "force_charge")
    assert made["mode"] == "restart"
    (action,) = made["actions"]
    assert action["action"] == "alphaess_energy.force_charge"
    assert action["data"] == {"device_id": "device", "duration": {"minutes": 2}}


async def test_an_automation_is_made_once_it_is_on(
    hass_api: FakeHass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("scripts.demolib.automation.READY", 0)
    automation = ForceAutomation(hass_api, a_home(), "force_charge")  # type: ignore[arg-type]
    await automation.create()
    hass_api.automation_state = None
    with pytest.raises(DemoError, match="the automation is None"):
        await automation.create()


async def test_runs_come_in_their_order_and_the_response_from_the_trace(
    hass_api: FakeHass,
) -> None:
    answer = an_answer(121)
    for run, start, variables in (
        ("b", "2026-05-03T12:00:02", {"answer": {"device": answer}}),
        ("a", "2026-05-03T12:00:01", {}),
    ):
        hass_api.traces[run] = {
            "short": {"run_id": run, "timestamp": {"start": start}},
            "long": {"trace": {"action/0": [{"changed_variables": variables}]}},
        }
    automation = ForceAutomation(hass_api, a_home(), "force_charge")  # type: ignore[arg-type]
    first, second = await automation.runs()
    assert await automation.answer(second) == answer
    with pytest.raises(DemoError, match="no response"):
        await automation.answer(first)


@pytest.mark.parametrize(
    ("state", "execution", "end"),
    [
        ("running", None, "running"),
        ("stopped", None, "cancelled"),
        ("stopped", "cancelled", "cancelled"),
        ("stopped", "finished", "finished"),
        ("stopped", "error", "error"),
    ],
)
def test_the_end_of_a_run_is_told(state: str, execution: str | None, end: str) -> None:
    assert end_of_run({"state": state, "script_execution": execution}) == end


# The rest


def test_the_dashboard_shows_what_a_home_can_be_told() -> None:
    cards = control_cards(a_home("battery_mode", "control_state", "backup_reserve"))
    assert cards[0]["heading"] == "Battery control"
    assert [card["entity"] for card in cards[1:]] == [
        "sensor.house_battery_mode",
        "sensor.house_control_state",
        "sensor.house_backup_reserve",
    ]
    assert control_cards(a_home("solar_power")) == []


def test_the_dashboard_tells_of_the_grid_and_how_long_the_battery_lasts() -> None:
    cards = outage_cards(a_home("off_grid", "fully_discharged_at"))
    assert [card["entity"] for card in cards] == [
        "sensor.house_off_grid",
        "sensor.house_fully_discharged_at",
    ]
    assert "visibility" not in cards[0]
    hidden = [condition["state_not"] for condition in cards[1]["visibility"]]
    assert hidden == ["unknown", "unavailable"]
    assert outage_cards(a_home("solar_power")) == []


async def test_the_first_page_has_all_vendors(hass_api: FakeHass) -> None:
    """A home of each and a site; the next page has all homes."""
    keys = (*POWERS, "battery_soc", "battery_mode")
    homes = [
        replace(
            a_home(
                *keys,
                *(f"{flow}_energy_{vendor.counters}" for flow in FLOWS),
                serial=serial,
                vendor=vendor,
            ),
            name=serial,
        )
        for vendor, serials in (
            (ALPHAESS, (SERIAL, PERIODIC)),
            (SONNEN, ("123456", "234567")),
        )
        for serial in serials
    ]
    prices = [f"{channel}_price" for channel in (GENERAL, "controlled_load", FEED_IN)]
    tariff = a_tariff(*prices, "general_forecast", "yesterday_net_cost")
    await make_dashboard(hass_api, homes, [tariff])
    glance, batteries, money = hass_api.saved["views"]

    def headings(view: dict[str, Any]) -> list[str]:
        return [section["cards"][0]["heading"] for section in view["sections"]]

    assert headings(glance) == [
        f"{SERIAL} · AlphaESS",
        "123456 · sonnenBatterie",
        "Tariff · Amber Electric",
    ]
    assert [card["type"] for card in glance["sections"][0]["cards"]] == [
        "heading",
        "gauge",
        *4 * ["tile"],
        "tile",
    ]
    assert headings(batteries) == [
        f"{SERIAL} · AlphaESS",
        "123456 · sonnenBatterie",
        "Energy today",
        f"{PERIODIC} · AlphaESS",
        "234567 · sonnenBatterie",
    ]
    assert headings(money) == ["Tariff", "What it cost"]


async def test_a_killed_child_has_no_time_to_say_goodbye() -> None:
    lines: list[str] = []
    ready = asyncio.Event()

    def take(line: str) -> None:
        lines.append(line)
        ready.set()

    child = await Child.start("sleeper", ["-c", SLEEPER], take)
    await ready.wait()
    await child.kill()
    assert child.killed
    assert child.exit_code == -9
    assert lines == ["ready"]
