"""Adding an account."""

from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.goodwe_energy import discovery, forms
from custom_components.goodwe_energy.const import DOMAIN, PORTAL_URL
from simulator.goodwe import GoodWeSimulator

from .conftest import asked, entry_data
from .flows import login, opened


@pytest.fixture(autouse=True)
def no_push(sim: GoodWeSimulator) -> None:
    """Nothing is pushed, which is on by default and would never end."""
    sim.push.able = False


@pytest.mark.parametrize("allow", [False, True])
async def test_account_is_added(
    hass: HomeAssistant, sim: GoodWeSimulator, allow: bool
) -> None:
    """The session of the dialog serves the set-up: one login for both."""
    dialog = await opened(hass)
    assert dialog.suggested == {"region": "auto"}
    assert dialog.placeholders["portal"] == PORTAL_URL
    await dialog.submit(**login(sim, account=f" {sim.account} "))
    assert dialog.step == "control"
    assert dialog.suggested == {"granted": sim.stations[0].name, "allow_control": False}
    await dialog.submit(allow_control=allow)
    assert dialog.type is FlowResultType.CREATE_ENTRY
    entry = dialog.result["result"]
    assert (entry.title, entry.unique_id) == (sim.stations[0].name, sim.uid)
    assert entry.data == entry_data(sim)
    assert entry.options == {"allow_control": allow}
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    assert (sim.logins.tried, sim.logins.succeeded) == (1, 1)


@pytest.mark.parametrize("homes", [("hybrid", "string", "viewer")])
async def test_plants_are_chosen(hass: HomeAssistant, sim: GoodWeSimulator) -> None:
    """All are suggested; people see which of theirs can be controlled."""
    first, second, third = sim.stations
    dialog = await opened(hass)
    await dialog.submit(**login(sim))
    assert dialog.step == "plants"
    assert dialog.suggested == {"plants": [first.id, second.id, third.id]}
    await dialog.submit(plants=[])
    assert dialog.errors == {"plants": "no_plants_chosen"}
    with patch.object(discovery, "_LOOKED_AT", 1):
        await dialog.submit(plants=[third.id, first.id])
    assert dialog.suggested == {
        "refused": third.name,
        "not_known": first.name,
        "allow_control": False,
    }
    await dialog.submit(allow_control=False)
    entry = dialog.result["result"]
    assert entry.title == third.name
    assert entry.data["plants"] == [third.id, first.id]


@pytest.mark.parametrize("homes", [("hybrid", "string")])
async def test_many_plants_are_not_suggested(
    hass: HomeAssistant, sim: GoodWeSimulator
) -> None:
    """An installer does not want all of the customers."""
    dialog = await opened(hass)
    with patch.object(forms, "_SUGGESTED", 1):
        await dialog.submit(**login(sim))
    assert (dialog.step, dialog.suggested) == ("plants", {"plants": []})


@pytest.mark.parametrize("homes", [("viewer",)])
async def test_account_that_may_only_look(
    hass: HomeAssistant, sim: GoodWeSimulator
) -> None:
    """Is added all the same; nobody ticks what can have no effect."""
    dialog = await opened(hass)
    await dialog.submit(**login(sim))
    assert (dialog.step, dialog.suggested) == ("view_only", {})
    assert dialog.placeholders["refused"] == sim.stations[0].name
    await dialog.submit()
    assert dialog.type is FlowResultType.CREATE_ENTRY
    assert dialog.result["result"].options == {"allow_control": False}


async def test_rights_that_nobody_tells(
    hass: HomeAssistant, sim: GoodWeSimulator
) -> None:
    """Are no reason to stop, nor not to ask."""
    sim.faults.add("status", "*/basic/info", status=404)
    dialog = await opened(hass)
    await dialog.submit(**login(sim))
    assert dialog.step == "control"
    assert dialog.suggested["not_known"] == sim.stations[0].name


async def test_password_with_blanks_around_it(
    hass: HomeAssistant, sim: GoodWeSimulator
) -> None:
    """They belong to it, also when the entry logs in again."""
    sim.session.password = " secret "
    dialog = await opened(hass)
    await dialog.submit(**login(sim))
    await dialog.submit(allow_control=False)
    entry = dialog.result["result"]
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    assert sim.logins.tried == 1
    sim.session.expire()
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert entry.state is ConfigEntryState.LOADED
    assert asked(hass, entry) == 0
    assert (sim.logins.tried, sim.logins.succeeded) == (2, 2)


async def test_wrong_password(hass: HomeAssistant, sim: GoodWeSimulator) -> None:
    """Is told at its field at once; each is sent once, and nothing is typed again."""
    dialog = await opened(hass)
    for wrong in ("wrong", "worse"):
        await dialog.submit(**login(sim, region="eu", password=wrong))
        assert dialog.errors == {"password": "wrong_password"}
        assert dialog.suggested == {
            "account": sim.account,
            "region": "eu",
            "server_url": sim.url,
        }
    assert sim.logins.tried == 2
    await dialog.submit(**login(sim))
    assert dialog.step == "control"


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"account": " "}, {"account": "no_account"}),
        ({"password": ""}, {"password": "no_password"}),
        ({"password": "\ud800abc"}, {"password": "wrong_password"}),
        ({"expert": {"server_url": "ftp://a"}}, {"base": "invalid_url"}),
        (
            {"expert": {"server_url": "http://8.8.8.8"}},
            {"base": "url_not_https"},
        ),
    ],
    ids=["account", "password", "half", "url", "http"],
)
async def test_what_cannot_be_right_is_not_sent(
    hass: HomeAssistant,
    sim: GoodWeSimulator,
    change: dict[str, Any],
    errors: dict[str, str],
) -> None:
    """It is mended in the same form."""
    dialog = await opened(hass)
    await dialog.submit(**login(sim, **change))
    assert dialog.errors == errors
    assert sim.logins.tried == 0
    await dialog.submit(**login(sim))
    assert dialog.step == "control"


@pytest.mark.parametrize(
    ("answer", "errors"),
    [
        ("agreement", {"base": "agreement"}),
        ("100004", {"base": "login_not_taken"}),
        ("C0602", {"base": "login_not_taken"}),
        ("A0210", {"password": "wrong_password"}),
        ("100000", {"base": "maintenance"}),
        ("GY0429", {"base": "rate_limit"}),
    ],
)
async def test_login_that_fails(
    hass: HomeAssistant, sim: GoodWeSimulator, answer: str, errors: dict[str, str]
) -> None:
    """People learn what they can do (reference section 2.8)."""
    sim.session.login_as = answer
    dialog = await opened(hass)
    await dialog.submit(**login(sim))
    assert dialog.errors == errors
    assert sim.logins.tried == 1


async def test_pause_is_told(hass: HomeAssistant, sim: GoodWeSimulator) -> None:
    """And kept to: who is impatient sends nothing."""
    sim.session.login_as, sim.session.retry_after = "429", 601
    dialog = await opened(hass)
    await dialog.submit(**login(sim))
    assert dialog.placeholders["minutes"] == "11"
    await dialog.submit(**login(sim))
    assert dialog.errors == {"base": "rate_limit"}
    assert sim.logins.tried == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": "status", "status": 404}, "cannot_connect"),
        ({"kind": "vendor_error", "message": "100025"}, "no_rights"),
    ],
    ids=["missing", "forbidden"],
)
async def test_plants_that_cannot_be_read(
    hass: HomeAssistant, sim: GoodWeSimulator, fault: dict[str, Any], error: str
) -> None:
    """The account let us in, but that is not enough."""
    kind = fault.pop("kind")
    sim.faults.add(kind, "*/stations/*", **fault)
    dialog = await opened(hass)
    await dialog.submit(**login(sim))
    assert dialog.errors == {"base": error}


async def test_no_plants(hass: HomeAssistant, sim: GoodWeSimulator) -> None:
    """There is nothing to add."""
    sim.stations.clear()
    dialog = await opened(hass)
    await dialog.submit(**login(sim))
    assert dialog.errors == {"base": "no_plants"}


async def test_same_account_is_not_added_twice(
    hass: HomeAssistant, sim: GoodWeSimulator, entry: MockConfigEntry
) -> None:
    """Nor is its session ended in vain, however its name is written."""
    entry.add_to_hass(hass)
    dialog = await opened(hass)
    await dialog.submit(**login(sim, account=sim.account.upper(), password="other"))
    assert dialog.reason == "already_configured"
    assert sim.logins.tried == 0


async def test_same_account_by_another_name(
    hass: HomeAssistant, sim: GoodWeSimulator
) -> None:
    """It is known by its id once it let us in."""
    MockConfigEntry(
        domain=DOMAIN, unique_id=sim.uid, data=entry_data(sim, account="else")
    ).add_to_hass(hass)
    dialog = await opened(hass)
    await dialog.submit(**login(sim))
    assert dialog.reason == "already_configured"


async def test_second_dialog_of_one_account(
    hass: HomeAssistant, sim: GoodWeSimulator
) -> None:
    """Ends when the first one adds it: neither makes an entry twice."""
    first, second = await opened(hass), await opened(hass)
    await first.submit(**login(sim))
    await second.submit(**login(sim))
    await first.submit(allow_control=False)
    [entry] = hass.config_entries.async_entries(DOMAIN)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert hass.config_entries.flow.async_progress() == []
    assert hass.config_entries.async_entries(DOMAIN) == [entry]


async def test_secrets_are_in_no_log(
    hass: HomeAssistant, sim: GoodWeSimulator, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither those that are refused, nor what the answers tell."""
    caplog.set_level("DEBUG")
    dialog = await opened(hass)
    caplog.clear()
    await dialog.submit(**login(sim, password="a wrong password"))
    sim.session.login_as = "100000"
    await dialog.submit(**login(sim))
    sim.session.login_as = None
    sim.faults.add("status", "*/stations/*", status=500)
    await dialog.submit(**login(sim))
    assert dialog.errors
    ours = "\n".join(
        record.getMessage()
        for record in caplog.records
        if "goodwe" in record.name and not record.name.startswith("simulator")
    )
    for secret in ("a wrong password", sim.account, sim.password, sim.uid):
        assert secret not in ours
    assert sim.stations[0].id not in ours
