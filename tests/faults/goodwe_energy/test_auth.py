"""Rows 7 and 16 to 19: sessions, passwords, rights and restarts."""

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.goodwe import GoodWeSimulator
from tests.goodwe_energy.conftest import Step, asked, issues, set_up

from .conftest import crash, of_class, restart


@pytest.mark.parametrize("code", ["C0602", "100002", "100001"])
async def test_row_16_session_that_is_over_needs_one_login(
    hass: HomeAssistant,
    sim: GoodWeSimulator,
    entry: MockConfigEntry,
    step: Step,
    code: str,
) -> None:
    """However it shows, and however many documents find out."""
    await set_up(hass, entry)
    sim.session.replaced_as = code
    sim.steal()
    for _ in range(3):
        await step(150)
    assert sim.logins.tried == 2
    assert sim.logins.most_at_once == 1
    assert of_class(entry, "inverter").fresh
    assert asked(hass, entry) == 0
    assert issues(hass) == {}


async def test_row_17_new_session_that_is_refused_too_makes_no_loop(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, step: Step
) -> None:
    await set_up(hass, entry)
    sim.wire.refusal = "C0602"
    for _ in range(12):
        await step(300)
    assert sim.logins.tried <= 1 + 8
    assert asked(hass, entry) == 0
    sim.wire.refusal = None
    for _ in range(8):
        await step(600)
    assert of_class(entry, "inverter").fresh


async def test_row_18_password_is_asked_for_after_three_refusals(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Outages say strange things; then it is never sent again."""
    await set_up(hass, entry)
    sim.session.login_as = "100005"
    sim.session.expire()
    for _ in range(24):
        await step(300)
    assert sim.logins.tried == 1 + 3
    assert asked(hass, entry) == 1
    await restart(hass, entry)
    for _ in range(6):
        await step(600)
    assert sim.logins.tried == 1 + 3
    assert asked(hass, entry) == 1


async def test_row_18_one_slip_of_the_vendor_asks_nobody(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, step: Step
) -> None:
    await set_up(hass, entry)
    sim.session.login_as, sim.session.logins_refused = "100005", 2
    sim.session.expire()
    for _ in range(12):
        await step(300)
    assert sim.logins.tried == 1 + 3
    assert asked(hass, entry) == 0
    assert of_class(entry, "inverter").fresh


async def test_row_18_missing_agreement_is_told(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """No password helps against it, so none is asked for."""
    await set_up(hass, entry)
    sim.session.login_as = "agreement"
    sim.session.expire()
    for _ in range(4):
        await step(300)
    assert set(issues(hass)) == {"agreement"}
    assert asked(hass, entry) == 0
    sim.session.login_as = None
    for _ in range(8):
        await step(600)
    assert issues(hass) == {}
    assert of_class(entry, "inverter").fresh


async def test_row_18_plant_that_is_not_shared_any_more_is_told(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, step: Step
) -> None:
    await set_up(hass, entry)
    sim.wire.forbidden = {"*/flow", "*/all-status"}
    for _ in range(3):
        await step(300)
    assert set(issues(hass)) == {"no_permission"}
    assert sim.logins.tried == 1
    assert asked(hass, entry) == 0
    sim.wire.forbidden = set()
    for _ in range(6):
        await step(600)
    assert issues(hass) == {}


@pytest.mark.parametrize("again", [restart, crash])
async def test_row_19_ten_restarts_need_one_login(
    hass: HomeAssistant,
    sim: GoodWeSimulator,
    entry: MockConfigEntry,
    step: Step,
    again: object,
) -> None:
    """The session is on the disk before it is used, so a power cut costs none."""
    await set_up(hass, entry)
    assert callable(again)
    for _ in range(10):
        await again(hass, entry)
        await step(1)
    assert sim.logins.tried == 1
    assert of_class(entry, "inverter").fresh


async def test_row_7_lock_costs_three_logins(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """A locked account answers as to a wrong password."""
    sim.session.lock_after = 1
    await set_up(hass, entry)
    sim.session.login_as, sim.session.logins_refused = "100005", 1
    sim.session.expire()
    for _ in range(24):
        await step(600)
    assert sim.logins.tried <= 1 + 4
