"""Rows 7, 16 to 19: a login is the dearest request of all (reference 2.2, 5.3)."""

from datetime import timedelta
from typing import Literal

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from simulator.growatt import GrowattSimulator
from tests.growatt_energy.conftest import MIN, Step, asked, issues, set_up

from .conftest import crash, restart


@pytest.fixture
def mode() -> str:
    """All of it is about logins."""
    return "login"


async def test_row_19_ten_restarts_need_one_login(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """The session outlives a restart, and what is fresh is not asked again."""
    await set_up(hass, entry)
    requests = sim.counters.count()
    began = dt_util.utcnow()
    for _ in range(10):
        await restart(hass, entry)
        await step(1)
    assert dt_util.utcnow() - began < timedelta(minutes=1)
    assert len(sim.sessions.logins) == 1
    assert sim.counters.count() == requests
    assert entry.runtime_data.devices[MIN].fresh


async def test_row_19_ten_crashes_need_one_login(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """The session is on the disk before it is used, so a power cut costs none."""
    await set_up(hass, entry)
    for _ in range(10):
        await crash(hass, entry)
        await step(1)
    assert len(sim.sessions.logins) == 1


@pytest.mark.parametrize("homes", [("MIN", "SPH")])
@pytest.mark.parametrize("expiry", ["redirect", "html", "json"])
async def test_row_17_expired_session_needs_one_login(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    entry: MockConfigEntry,
    step: Step,
    expiry: Literal["redirect", "html", "json"],
) -> None:
    """However it shows, and however many documents find out at once."""
    await set_up(hass, entry)
    sim.sessions.expiry = expiry
    sim.sessions.expire()
    for _ in range(3):
        await step(340)
    assert len(sim.sessions.logins) == 2
    assert all(device.fresh for device in entry.runtime_data.devices.values())
    assert asked(hass, entry) == 0


@pytest.mark.parametrize("homes", [("MIN", "SPH")])
async def test_row_18_changed_password_is_tried_once(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """People are asked for the new one; the old one is never sent again."""
    await set_up(hass, entry)
    sim.account.password = "something else"
    sim.sessions.expire()
    for _ in range(6):
        await step(900)
    assert len(sim.sessions.logins) == 2
    assert asked(hass, entry) == 1
    await restart(hass, entry)
    for _ in range(3):
        await step(900)
    assert len(sim.sessions.logins) == 2
    assert asked(hass, entry) == 1


async def test_row_18_new_password_ends_it(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """One more login, which the set-up that follows goes on with."""
    await set_up(hass, entry)
    sim.account.password = "something else"
    sim.sessions.expire()
    await step(340)
    [flow] = entry.async_get_active_flows(hass, {"reauth"})
    result = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {"password": "something else"}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert result["reason"] == "reauth_successful"
    await step(340)
    assert entry.runtime_data.devices[MIN].fresh
    assert len(sim.sessions.logins) == 3


@pytest.mark.parametrize("homes", [("MIN", "SPH")])
async def test_row_7_lock_ends_all_requests(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Whoever finds out, nothing more is asked, and people are told until when."""
    await set_up(hass, entry)
    sim.sessions.lock(24)
    end = sim.sessions.lock_until
    assert end is not None
    await step(400)
    assert len(sim.sessions.logins) == 2
    found = issues(hass)["account_locked"]
    shown = dt_util.as_local(end + timedelta(seconds=400)).strftime("%Y-%m-%d")
    assert found["until"].startswith(shown)
    assert asked(hass, entry) == 0
    requests = sim.counters.count()
    for _ in range(23):
        await step(3600)
    assert sim.counters.count() == requests
    assert "account_locked" in issues(hass)


async def test_row_7_lock_outlives_restarts(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """A restart does not log in, shows what is known, and tells the same end."""
    await set_up(hass, entry)
    sim.sessions.lock(24)
    await step(340)
    told = issues(hass)["account_locked"]["until"]
    requests = sim.counters.count()
    for _ in range(3):
        await crash(hass, entry)
        await step(3600)
        assert entry.state.name == "LOADED"
        assert issues(hass)["account_locked"]["until"] == told
    assert sim.counters.count() == requests
    assert MIN in entry.runtime_data.devices


async def test_row_7_after_the_lock_one_login_and_half_the_pace(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """It goes on by itself; for a week everything is read half as often."""
    await set_up(hass, entry)
    usual = entry.runtime_data.devices[MIN].live.document.interval
    sim.sessions.lock(24)
    await step(340)
    for _ in range(25):
        await step(3600)
    assert len(sim.sessions.logins) == 3
    live = entry.runtime_data.devices[MIN].live
    assert live.last_update_success
    assert "account_locked" not in issues(hass)
    assert live.document.interval == 2 * usual
    await restart(hass, entry)
    assert entry.runtime_data.devices[MIN].live.document.interval == 2 * usual
    for _ in range(8):
        await step(86_400)
    assert entry.runtime_data.devices[MIN].live.document.interval == usual


async def test_row_7_lock_at_set_up(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """An entry that was never loaded waits too, with one request in all."""
    sim.sessions.lock(24)
    await set_up(hass, entry)
    assert entry.state.name == "SETUP_RETRY"
    for _ in range(20):
        await step(600)
    assert sim.counters.count() == 1
    assert "account_locked" in issues(hass)
    assert asked(hass, entry) == 0
