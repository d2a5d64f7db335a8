"""Rows 14, 16, 18 and 19: tokens, permissions and restarts."""

from datetime import UTC, datetime

from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.sungrow_energy.const import DOMAIN
from simulator.sungrow import SungrowSimulator
from tests.sungrow_energy.conftest import Step, asked, entry_data, issues, set_up

from .conftest import crash, of_type, restart

HYBRID = 14
DAY = 86_400


def due(sim: SungrowSimulator, left: float) -> dict[str, object]:
    """Return an entry's data whose access token has so many seconds left."""
    data = entry_data(sim, "oauth")
    now = datetime.now(UTC).timestamp()
    data["token"] |= {"expires_at": now + left, "obtained_at": now + left - 172_799}
    return data


@pytest.fixture
def left() -> float:
    """How many seconds the access token still lives."""
    return 3600.0


@pytest.fixture
def entry(sim: SungrowSimulator, left: float) -> MockConfigEntry:
    """An entry whose token is refreshed with its first use."""
    return MockConfigEntry(
        domain=DOMAIN,
        entry_id="sungrow",
        title="Home",
        unique_id="eu_499",
        data=due(sim, left),
    )


async def test_row_16_one_refresh_for_all_and_the_entry_follows(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry
) -> None:
    before = entry.data["token"]
    await set_up(hass, entry)
    assert (sim.oauth.tokens.refreshes, sim.oauth.tokens.most_concurrent) == (1, 1)
    after = entry.data["token"]
    assert after["access_token"] != before["access_token"]
    assert after["refresh_token"] != before["refresh_token"]
    assert after["auth_ps_list"] == before["auth_ps_list"]
    await restart(hass, entry)
    assert sim.oauth.tokens.refreshes == 1
    assert asked(hass, entry) == 0


@pytest.mark.parametrize("refusal", ["E00003", "E900", "002", "401", "error"])
async def test_row_16_a_token_that_is_dead_early_is_renewed_once(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    step: Step,
    refusal: str,
) -> None:
    await set_up(hass, entry)
    sim.wire.dead_token_as = refusal
    sim.oauth.expire_access()
    await step(600)
    assert sim.oauth.tokens.refreshes == 2
    assert asked(hass, entry) == 0
    assert of_type(entry, HYBRID).fresh
    assert issues(hass) == {}


async def test_row_18_a_revoked_grant_asks_once(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    await set_up(hass, entry)
    sim.oauth.revoke()
    for _ in range(12):
        await step(350)
    assert asked(hass, entry) == 1
    assert sim.oauth.tokens.refused <= 1


async def test_row_18_a_dead_refresh_token_costs_nothing_before_the_end(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """Lost with a crash of old: read on, ask once, and keep the question open."""
    sim.oauth.expire_refresh()
    await set_up(hass, entry)
    assert entry.state.name == "LOADED"
    for _ in range(5):
        await step(350)
        assert of_type(entry, HYBRID).fresh
        assert asked(hass, entry) == 1
    await crash(hass, entry)
    assert asked(hass, entry) == 1
    assert sim.oauth.tokens.refused == 1
    sim.oauth.expire_access()
    await step(350)
    assert asked(hass, entry) == 1


@pytest.mark.parametrize("left", [36_000.0])
async def test_row_18_a_refresh_that_only_people_mend_asks_while_it_is_refused(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    """The token lives for hours yet, and the dialog stays for as long as it helps."""
    sim.oauth.approved = False
    await set_up(hass, entry)
    [dialog] = entry.async_get_active_flows(hass, {SOURCE_REAUTH})
    lists = sim.quota.counts["platform/queryPowerStationList"]
    await step(3605)
    await step(350)
    assert sim.quota.counts["platform/queryPowerStationList"] > lists
    assert of_type(entry, HYBRID).fresh
    [same] = entry.async_get_active_flows(hass, {SOURCE_REAUTH})
    assert same["flow_id"] == dialog["flow_id"]
    sim.oauth.approved = True
    await step(1800)
    await step(3605)
    await step(350)
    assert sim.oauth.tokens.refreshes == 1
    assert asked(hass, entry) == 0
    assert of_type(entry, HYBRID).fresh


@pytest.mark.parametrize("dead", [True, False])
async def test_row_18_a_reload_asks_again(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    step: Step,
    *,
    dead: bool,
) -> None:
    """Home Assistant closes the dialog, and nothing was mended by that."""
    sim.oauth.approved = dead
    if dead:
        sim.oauth.expire_refresh()
    await set_up(hass, entry)
    assert asked(hass, entry) == 1
    await hass.config_entries.async_reload(entry.entry_id)
    await step(1900)
    assert of_type(entry, HYBRID).fresh
    assert asked(hass, entry) == 1


async def test_row_18_transient_failures_of_the_token_server_ask_nobody(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    sim.oauth.transient_refreshes = 3
    await set_up(hass, entry)
    for _ in range(6):
        await step(350)
    assert entry.state.name == "LOADED"
    assert sim.oauth.tokens.refreshes == 1
    assert asked(hass, entry) == 0
    assert of_type(entry, HYBRID).fresh


async def test_row_18_an_endpoint_without_permission_is_no_dead_token(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    await set_up(hass, entry)
    sim.wire.forbidden = {"platform/getDeviceRealTimeData"}
    await step(350)
    assert asked(hass, entry) == 0
    assert "no_permission" in issues(hass)
    assert entry.runtime_data.plants[sim.plants[0].id].fresh
    sim.wire.forbidden = set()
    for _ in range(4):
        await step(905)
    assert issues(hass) == {}


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("E00001", "service_expired"),
        ("E918", "ip_not_allowed"),
        ("E919", "user_not_allowed"),
    ],
)
async def test_row_18_what_only_the_portal_mends_is_a_repair(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    step: Step,
    code: str,
    key: str,
) -> None:
    await set_up(hass, entry)
    sim.wire.refusal = code
    await step(350)
    assert set(issues(hass)) == {key}
    assert asked(hass, entry) == 0
    sim.wire.refusal = None
    await step(905)
    assert issues(hass) == {}


async def test_row_18_a_login_that_is_refused_is_tried_once(
    hass: HomeAssistant, sim: SungrowSimulator, step: Step
) -> None:
    """Wrong passwords lock the account."""
    entry = MockConfigEntry(
        domain=DOMAIN, title="Home", data=entry_data(sim, "login", password="wrong")
    )
    await set_up(hass, entry)
    for _ in range(5):
        await step(350)
    await crash(hass, entry)
    assert entry.state.name == "SETUP_ERROR"
    assert asked(hass, entry) == 1
    assert sim.login.attempts == 1


async def test_row_19_ten_restarts_repeat_nothing(
    hass: HomeAssistant, sim: SungrowSimulator, entry: MockConfigEntry, step: Step
) -> None:
    await set_up(hass, entry)
    total = sim.quota.total
    for _ in range(10):
        await restart(hass, entry)
        await step(1)
    assert sim.quota.total == total
    assert of_type(entry, HYBRID).fresh
    assert sim.oauth.tokens.refreshes == 1


@pytest.mark.parametrize("homes", [("hybrid", "string")])
async def test_row_18_a_plant_that_was_not_ticked_again(
    hass: HomeAssistant,
    sim: SungrowSimulator,
    entry: MockConfigEntry,
    step: Step,
) -> None:
    """People hear which it is; its devices stay, and the other plant is read on."""
    await set_up(hass, entry)
    kept, gone = sim.plants
    names = {plant.id: plant.name for plant in entry.runtime_data.plants.values()}
    sim.oauth.ungrant(gone.id)
    for _ in range(3):
        await step(3605)
    assert issues(hass)["plants_not_authorized"]["plants"] == names[gone.id]
    assert set(entry.runtime_data.plants) == {kept.id, gone.id}
    assert entry.runtime_data.plants[kept.id].fresh
    assert not entry.runtime_data.plants[gone.id].fresh
    assert asked(hass, entry) == 0
