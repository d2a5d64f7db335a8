"""Adding an account."""

import json
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.growatt_energy.api.password import modified_md5
from custom_components.growatt_energy.api.user_agent import valid_user_agent
from custom_components.growatt_energy.config_flow import GrowattFlow
from custom_components.growatt_energy.const import DOMAIN
from simulator.growatt import GrowattSimulator

from .conftest import MIN, PLANT, Step, entry_data, set_up
from .flows import by_login, by_token, opened

FORMS = {"token": by_token, "login": by_login}
SECRET = {"token": "token", "login": "password"}


@pytest.mark.parametrize("mode", ["token", "login"])
async def test_account_is_added(
    hass: HomeAssistant, sim: GrowattSimulator, mode: str
) -> None:
    """What the flow has read serves the set-up: nothing is asked twice (Q29)."""
    dialog = await opened(hass, mode)
    await dialog.submit(**FORMS[mode](sim))
    assert dialog.type is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    [entry] = hass.config_entries.async_entries(DOMAIN)
    assert entry.state is ConfigEntryState.LOADED
    assert (entry.title, entry.unique_id) == ("Home", f"127.0.0.1_{sim.user_id}")
    agent = entry.data["user_agent"]
    assert valid_user_agent(agent)
    assert sim.user_name not in agent
    assert entry.data == entry_data(sim, mode, plants=[PLANT], user_agent=agent)
    assert entry.runtime_data.devices[MIN].fresh
    assert sim.limits.broken == 0
    if mode == "token":
        assert sim.counters.count("plant/list") == 1
    else:
        assert len(sim.sessions.logins) == 1
        assert sim.counters.count("*/getAllPlantListTwo") == 1


async def test_password_itself_is_not_kept(
    hass: HomeAssistant, sim: GrowattSimulator
) -> None:
    """Only the hash that is sent is."""
    dialog = await opened(hass, "login")
    await dialog.submit(**by_login(sim))
    entry = dialog.result["result"]
    assert entry.data["password_hash"] == modified_md5(sim.password)
    assert sim.password not in str(dict(entry.data))


@pytest.mark.parametrize("homes", [("MIN", "SPH")])
async def test_plants_are_chosen(hass: HomeAssistant, sim: GrowattSimulator) -> None:
    """With several plants people choose; the title is the first one's name."""
    dialog = await opened(hass, "token")
    await dialog.submit(**by_token(sim))
    assert dialog.step == "plants"
    first, second = (str(plant.id) for plant in sim.plants)
    assert dialog.suggested == {"plants": [first, second]}
    await dialog.submit(plants=[])
    assert dialog.errors == {"plants": "no_plants_chosen"}
    await dialog.submit(plants=[second])
    assert dialog.type is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    entry = dialog.result["result"]
    assert entry.title == "Cottage"
    assert list(entry.runtime_data.plants) == [second]


async def test_plants_are_those_of_an_account(hass: HomeAssistant) -> None:
    """There is nothing to choose from before one was found."""
    with pytest.raises(RuntimeError):
        await GrowattFlow().async_step_plants()


@pytest.mark.parametrize("mode", ["token", "login"])
async def test_same_account_is_not_added_twice(
    hass: HomeAssistant, sim: GrowattSimulator, mode: str
) -> None:
    """Also not by the other way."""
    other = "login" if mode == "token" else "token"
    entry = MockConfigEntry(
        domain=DOMAIN,
        unique_id=f"127.0.0.1_{sim.user_id}",
        data=entry_data(sim, other),
    )
    entry.add_to_hass(hass)
    dialog = await opened(hass, mode)
    await dialog.submit(**FORMS[mode](sim))
    assert dialog.reason == "already_configured"


@pytest.mark.parametrize("mode", ["token", "login"])
async def test_wrong_secret(
    hass: HomeAssistant, sim: GrowattSimulator, mode: str
) -> None:
    """Is told at its field, and can be mended in the same form."""
    dialog = await opened(hass, mode)
    field = SECRET[mode]
    await dialog.submit(**FORMS[mode](sim, **{field: "b" * 32}))
    wanted = "permission" if mode == "token" else "invalid_auth"
    assert dialog.errors == {field: wanted}
    await dialog.submit(**FORMS[mode](sim))
    assert dialog.type is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize("token", ["", "   ", "two\nlines"])
async def test_token_that_cannot_be_one(
    hass: HomeAssistant, sim: GrowattSimulator, token: str
) -> None:
    """Is not sent anywhere."""
    dialog = await opened(hass, "token")
    await dialog.submit(**by_token(sim, token=token))
    assert dialog.errors == {"token": "invalid_auth"}
    assert sim.counters.count() == 0


async def test_locked_account(hass: HomeAssistant, sim: GrowattSimulator) -> None:
    """People are told until when; a second try asks nothing."""
    sim.sessions.lock(24)
    dialog = await opened(hass, "login")
    await dialog.submit(**by_login(sim))
    assert dialog.errors == {"base": "locked"}
    until = dialog.result["description_placeholders"]["until"]
    assert until.startswith("2026-05-13 12:0")
    asked = sim.counters.count()
    await dialog.submit(**by_login(sim))
    assert dialog.errors == {"base": "locked"}
    assert dialog.result["description_placeholders"]["until"] == until
    assert sim.counters.count() == asked


async def test_rate_limit(hass: HomeAssistant, sim: GrowattSimulator) -> None:
    """People are told how long to wait."""
    sim.faults.add(
        "vendor_error", "plant/list", code=10012, message="error_frequently_access"
    )
    dialog = await opened(hass, "token")
    await dialog.submit(**by_token(sim))
    assert dialog.errors == {"base": "rate_limit"}
    assert int(dialog.result["description_placeholders"]["seconds"]) >= 60


@pytest.mark.parametrize("mode", ["token", "login"])
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "status", "status": 503}, "cannot_connect"),
        ({"kind": "reset"}, "cannot_connect"),
        ({"kind": "replace", "body": "[]"}, "cannot_connect"),
    ],
    ids=["503", "reset", "odd"],
)
async def test_trouble(
    hass: HomeAssistant,
    sim: GrowattSimulator,
    mode: str,
    fault: dict[str, Any],
    error: str,
) -> None:
    """What nobody can help is said to be that."""
    sim.faults.add(**fault)
    dialog = await opened(hass, mode)
    await dialog.submit(**FORMS[mode](sim))
    assert dialog.errors == {"base": error}


async def test_login_that_is_refused(
    hass: HomeAssistant, sim: GrowattSimulator
) -> None:
    """Growatt's own words say why, without what they may repeat of the credentials."""
    sim.faults.add(
        "replace",
        "newTwoLoginAPI.do",
        body=json.dumps(
            {"back": {"success": False, "msg": f"Confirm {sim.user_name} first"}}
        ),
    )
    dialog = await opened(hass, "login")
    await dialog.submit(**by_login(sim))
    assert dialog.errors == {"base": "login_refused"}
    told = dialog.result["description_placeholders"]["detail"]
    assert "Confirm **user name** first" in told


async def test_refused_user_agent(hass: HomeAssistant, sim: GrowattSimulator) -> None:
    """An own text helps; it is kept in the entry."""
    sim.classic.blocked_agents = "Dalvik"
    dialog = await opened(hass, "login")
    await dialog.submit(**by_login(sim))
    assert dialog.errors == {"base": "ua_blocked"}
    agent = "ShinePhone/8.1.17 (iPhone; iOS 15.6.1; Scale/2.00)"
    expert = {"server_url": sim.url, "user_agent": agent}
    await dialog.submit(**by_login(sim, expert=expert))
    assert dialog.type is FlowResultType.CREATE_ENTRY
    assert dialog.result["data"]["user_agent"] == agent


@pytest.mark.parametrize(
    ("expert", "error"),
    [
        ({"server_url": "ftp://x"}, "invalid_url"),
        ({"server_url": "http://growatt.example"}, "url_not_https"),
        ({"user_agent": "two\nlines"}, "invalid_user_agent"),
    ],
)
async def test_bad_expert_fields(
    hass: HomeAssistant, sim: GrowattSimulator, expert: dict[str, str], error: str
) -> None:
    """Are refused before anything is sent."""
    dialog = await opened(hass, "token")
    await dialog.submit(**by_token(sim, expert=expert))
    assert dialog.errors == {"base": error}
    assert sim.counters.count() == 0


@pytest.mark.parametrize("homes", [()])
async def test_account_without_plants(
    hass: HomeAssistant, sim: GrowattSimulator
) -> None:
    """There would be nothing to show."""
    dialog = await opened(hass, "token")
    await dialog.submit(**by_token(sim))
    assert dialog.errors == {"base": "no_plants"}


async def test_set_up_waits_for_no_second_list(
    hass: HomeAssistant, sim: GrowattSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """A day later the list is read again."""
    await set_up(hass, entry)
    assert sim.counters.count("plant/list") == 1
    await step(86_401)
    assert sim.counters.count("plant/list") == 2
