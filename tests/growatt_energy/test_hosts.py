"""The account lives on one host only, which is found; every family is read there."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
import json
from typing import Any, Literal
from unittest.mock import AsyncMock, patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.growatt_energy.api import hosts
from custom_components.growatt_energy.const import DOMAIN
from custom_components.growatt_energy.families import Family
from simulator.growatt import GrowattSimulator

from .conftest import MIN, Step, entry_data, set_up
from .flows import by_login, by_token, opened
from .hosts import simulated_hosts

HOMES = ("MIN", "SPH", "SPA", "NOAH", "STORAGE", "MAX", "NEO", "WIT", "SPH-S")


@pytest.mark.parametrize(
    ("home_host", "time_zone", "offset", "start_time"),
    [
        ("us", "America/New_York", -4, datetime(2026, 5, 12, 15, tzinfo=UTC)),
        ("au", "Australia/Sydney", 10, datetime(2026, 5, 12, 1, tzinfo=UTC)),
    ],
)
async def test_every_family_on_a_regional_host(
    hass: HomeAssistant, step: Step, home_host: str, time_zone: str, offset: int
) -> None:
    """All devices are read, controlled settings too, and only the right host is asked."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    sim = GrowattSimulator(
        homes=HOMES,
        time_zone=time_zone,
        hosts=("global", home_host),
        home_host=home_host,
    )
    await sim.start()
    try:
        with simulated_hosts(sim):
            entry = MockConfigEntry(
                domain=DOMAIN,
                unique_id=f"{home_host}_{sim.user_id}",
                data=entry_data(sim, "token"),
            )
            await set_up(hass, entry)
            # One list of devices in five minutes
            for _ in range(len(HOMES) + 10):
                await step(305)
            runtime = entry.runtime_data
            await step(305)
            assert set(sim.devices) <= set(runtime.devices)
            found = {device.family for device in runtime.devices.values()}
            assert found >= {
                Family.MIN,
                Family.SPH,
                Family.SPA,
                Family.NOAH,
                Family.STORAGE,
                Family.MAX,
                Family.INVERTER,
                Family.WIT,
                Family.SPH_S,
            }
            stale = [
                str(device.family)
                for device in runtime.devices.values()
                if not device.fresh
            ]
            assert stale == []
            assert sim.limits.violations == []
            offsets = {
                dt_util.now(plant.zone).utcoffset() for plant in runtime.plants.values()
            }
            assert offsets == {timedelta(hours=offset)}
    finally:
        await sim.stop()


@pytest.fixture
async def moved(hass: HomeAssistant, growatt: None) -> AsyncGenerator[GrowattSimulator]:
    """An account on another host than the entry's."""
    simulator = GrowattSimulator(homes=("MIN",), hosts=("global", "au"), home_host="au")
    await simulator.start()
    with simulated_hosts(simulator):
        yield simulator
    await simulator.stop()


async def test_entry_on_the_wrong_host(
    hass: HomeAssistant, moved: GrowattSimulator
) -> None:
    """It says so, and nobody is asked for another token."""
    moved.wrong_host = "domain"
    entry = MockConfigEntry(
        domain=DOMAIN, data=entry_data(moved, "token", base_url=moved.urls["global"])
    )
    await set_up(hass, entry)
    assert entry.state.name == "SETUP_RETRY"
    assert entry.error_reason_translation_key == "wrong_host"
    assert not list(entry.async_get_active_flows(hass, {"reauth"}))
    await hass.config_entries.async_remove(entry.entry_id)


class TestRegions:
    """The account lives on one host only."""

    @pytest.fixture
    def home_host(self) -> str:
        return "au"

    @pytest.fixture
    async def sim(self, hass: HomeAssistant, growatt: None, home_host: str) -> Any:
        simulator = GrowattSimulator(
            homes=("MIN",),
            time_zone="Europe/Berlin",
            hosts=("global", "us", "au"),
            home_host=home_host,
        )
        await simulator.start()
        with simulated_hosts(simulator):
            yield simulator
        await simulator.stop()

    @pytest.mark.parametrize("home_host", ["us", "au"])
    @pytest.mark.parametrize("answer", ["permission", "domain"])
    async def test_token_is_found(
        self,
        hass: HomeAssistant,
        sim: GrowattSimulator,
        home_host: str,
        answer: Literal["permission", "domain"],
    ) -> None:
        """Whatever the other hosts say; the data come from the right one."""
        sim.wrong_host = answer
        dialog = await opened(hass, "token")
        await dialog.submit(**by_token(sim, expert={}))
        await hass.async_block_till_done(wait_background_tasks=True)
        entry = dialog.result["result"]
        assert entry.data["base_url"] == sim.urls[home_host]
        assert entry.unique_id == f"{home_host}_{sim.user_id}"
        assert entry.runtime_data.devices[MIN].fresh
        assert sim.limits.broken == 0

    async def test_login_is_found_with_one_login(
        self, hass: HomeAssistant, sim: GrowattSimulator
    ) -> None:
        """The name alone tells the host."""
        dialog = await opened(hass, "login")
        await dialog.submit(**by_login(sim, expert={}))
        await hass.async_block_till_done(wait_background_tasks=True)
        entry = dialog.result["result"]
        assert entry.data["base_url"] == sim.urls["au"]
        assert entry.state is ConfigEntryState.LOADED
        assert len(sim.sessions.logins) == 1

    @pytest.mark.parametrize(
        "fault",
        [
            {
                "kind": "replace",
                "body": '{"back": {"success": false, "msg": "not here"}}',
            },
            {"kind": "status", "status": 405},
            {"kind": "reset"},
        ],
        ids=["refused", "405", "reset"],
    )
    async def test_the_second_host_is_tried(
        self, hass: HomeAssistant, sim: GrowattSimulator, fault: dict[str, Any]
    ) -> None:
        """The name of a host may stand for two; the first one need not work."""
        kind = fault.pop("kind")
        sim.faults.add(kind, "newTwoLoginAPI.do", 1, **fault)
        urls = (sim.urls["us"], sim.urls["au"])
        dialog = await opened(hass, "login")
        with patch.object(hosts, "find_login_host", AsyncMock(return_value=urls)):
            await dialog.submit(**by_login(sim, expert={}))
        assert dialog.type is FlowResultType.CREATE_ENTRY
        assert dialog.result["data"]["base_url"] == sim.urls["au"]

    @pytest.mark.parametrize(
        ("message", "error"),
        [("502", {"password": "invalid_auth"}), ("507", {"base": "locked"})],
    )
    async def test_no_second_login_with_what_was_refused(
        self,
        hass: HomeAssistant,
        sim: GrowattSimulator,
        message: str,
        error: dict[str, str],
    ) -> None:
        """It would count against the account."""
        body = json.dumps({"back": {"success": False, "msg": message}})
        sim.faults.add("replace", "newTwoLoginAPI.do", 1, body=body)
        urls = (sim.urls["us"], sim.urls["au"])
        dialog = await opened(hass, "login")
        with patch.object(hosts, "find_login_host", AsyncMock(return_value=urls)):
            await dialog.submit(**by_login(sim, expert={}))
        assert dialog.errors == error
        assert sim.counters.count("newTwoLoginAPI.do") == 1

    async def test_unknown_user(
        self, hass: HomeAssistant, sim: GrowattSimulator
    ) -> None:
        """Then people choose; no login was tried."""
        sim.classic.knows_server = False
        dialog = await opened(hass, "login")
        await dialog.submit(**by_login(sim, expert={}))
        assert dialog.errors == {"base": "unknown_region"}
        assert sim.sessions.logins == []
        await dialog.submit(**by_login(sim, expert={}, region="au"))
        assert dialog.type is FlowResultType.CREATE_ENTRY

    async def test_wrong_region(
        self, hass: HomeAssistant, sim: GrowattSimulator
    ) -> None:
        """The host says so, or that the token is not known."""
        sim.wrong_host = "domain"
        dialog = await opened(hass, "token")
        await dialog.submit(**by_token(sim, expert={}, region="us"))
        assert dialog.errors == {"base": "wrong_host"}

    async def test_token_that_no_host_knows(
        self, hass: HomeAssistant, sim: GrowattSimulator
    ) -> None:
        """Each host was asked once."""
        dialog = await opened(hass, "token")
        await dialog.submit(**by_token(sim, token="b" * 32, expert={}))
        assert dialog.errors == {"token": "permission"}
        assert sim.counters.count("plant/list") == 3
