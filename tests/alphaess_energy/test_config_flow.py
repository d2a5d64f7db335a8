"""Adding an account."""

from datetime import timedelta
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.alphaess_energy._vendor.core.ha.flow import (
    InvalidServerUrl,
    server_url,
)
from custom_components.alphaess_energy.api.client import DEFAULT_URL
from custom_components.alphaess_energy.const import DOMAIN
from simulator.alphaess import APP_ID, APP_SECRET, AlphaEssSimulator

from .conftest import SYSTEM_1, set_up
from .devices import find_device
from .flows import TROUBLES, Trouble, credentials, user_dialog


async def test_account_is_added(hass: HomeAssistant, sim: AlphaEssSimulator) -> None:
    """The right credentials make an entry, with one look at the list of systems."""
    dialog = await user_dialog(hass)
    assert (dialog.type, dialog.step, dialog.errors) == (
        FlowResultType.FORM,
        "user",
        {},
    )
    assert dialog.suggested == {}
    await dialog.submit(**credentials(sim))
    assert dialog.type is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert entry.state is ConfigEntryState.LOADED
    assert entry.title == "AlphaESS cdef"
    assert entry.unique_id == APP_ID
    assert entry.data == {
        "app_id": APP_ID,
        "app_secret": APP_SECRET,
        "base_url": sim.url,
    }
    assert entry.options == {}
    assert sim.counters.count("getEssList") == 1


async def test_default_server_is_not_stored(
    hass: HomeAssistant, sim: AlphaEssSimulator
) -> None:
    """An entry without an address of its own follows the integration's default."""
    with (
        patch("custom_components.alphaess_energy.config_flow.DEFAULT_URL", sim.url),
        patch("custom_components.alphaess_energy.connection.DEFAULT_URL", sim.url),
    ):
        dialog = await user_dialog(hass)
        await dialog.submit(**credentials(sim, expert={}))
        await hass.async_block_till_done(wait_background_tasks=True)
    entry = dialog.result["result"]
    assert entry.data == {"app_id": APP_ID, "app_secret": APP_SECRET}
    assert entry.state is ConfigEntryState.LOADED


async def test_blanks_are_taken_off(
    hass: HomeAssistant, sim: AlphaEssSimulator
) -> None:
    """Copying from the portal easily takes a blank along."""
    dialog = await user_dialog(hass)
    await dialog.submit(
        app_id=f" {APP_ID}\t",
        app_secret=f"{APP_SECRET}\n",
        expert={"server_url": f" {sim.url}/ "},
    )
    entry = dialog.result["result"]
    assert entry.unique_id == APP_ID
    assert entry.data == {
        "app_id": APP_ID,
        "app_secret": APP_SECRET,
        "base_url": sim.url,
    }
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize(
    ("trouble", "field", "error"), TROUBLES.values(), ids=TROUBLES.keys()
)
async def test_trouble_and_recovery(
    hass: HomeAssistant,
    sim: AlphaEssSimulator,
    trouble: Trouble,
    field: str,
    error: str,
) -> None:
    """Each error is told at its field, keeps what was entered, and can be mended."""
    dialog = await user_dialog(hass)
    async with trouble(sim):
        await dialog.submit(**credentials(sim))
        assert (dialog.type, dialog.step) == (FlowResultType.FORM, "user")
        assert dialog.errors == {field: error}
        assert dialog.suggested == {"app_id": APP_ID, "server_url": sim.url}
    await dialog.submit(**credentials(sim, **dialog.kept))
    assert dialog.type is FlowResultType.CREATE_ENTRY
    assert dialog.result["data"]["app_secret"] == APP_SECRET
    await hass.async_block_till_done(wait_background_tasks=True)
    assert dialog.result["result"].state is ConfigEntryState.LOADED


@pytest.mark.parametrize(
    "wrong", [{"app_secret": "f" * 32}, {"app_id": "alphaffffffffffffffff"}]
)
async def test_wrong_credentials_can_be_corrected(
    hass: HomeAssistant, sim: AlphaEssSimulator, wrong: dict[str, str]
) -> None:
    """A mistyped id or secret leaves no trace in the entry."""
    dialog = await user_dialog(hass)
    await dialog.submit(**credentials(sim, **wrong))
    assert dialog.errors == {"app_secret": "invalid_auth"}
    assert sim.counters.count() == 1  # refused credentials are not tried again
    await dialog.submit(**credentials(sim))
    await hass.async_block_till_done(wait_background_tasks=True)
    entry = dialog.result["result"]
    assert (entry.unique_id, entry.data["app_secret"]) == (APP_ID, APP_SECRET)
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1


async def test_pause_is_obeyed(
    hass: HomeAssistant, sim: AlphaEssSimulator, freezer: FrozenDateTimeFactory
) -> None:
    """While the server's pause lasts nothing is sent, however often one tries."""
    dialog = await user_dialog(hass)
    sim.faults.add("status", "getEssList", count=1, status=429, retry_after=30)
    for _ in range(3):
        await dialog.submit(**credentials(sim))
        assert dialog.errors == {"base": "throttled"}
    assert sim.counters.count() == 1
    freezer.tick(31)
    await dialog.submit(**credentials(sim))
    assert dialog.type is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize("code", [6006, 6009])
@pytest.mark.parametrize("seconds", [400, -400])
async def test_wrong_clock_with_the_servers_help(
    hass: HomeAssistant, sim: AlphaEssSimulator, code: int, seconds: int
) -> None:
    """With the server's time a wrong clock is corrected at once, and told."""
    sim.clock_error_code = code  # type: ignore[assignment]
    sim.faults.add("clock_skew", seconds=seconds)
    dialog = await user_dialog(hass)
    await dialog.submit(**credentials(sim))
    assert dialog.type is FlowResultType.CREATE_ENTRY
    assert [r.code for r in sim.counters.requests("getEssList")] == [code, 200]
    await hass.async_block_till_done(wait_background_tasks=True)
    entry = dialog.result["result"]
    assert entry.state is ConfigEntryState.LOADED
    issues = ir.async_get(hass).issues
    assert [key for _, key in issues] == [f"clock_skew_{entry.entry_id}"]


async def test_small_skew_is_nothing(
    hass: HomeAssistant, sim: AlphaEssSimulator
) -> None:
    """Up to five minutes the server does not mind."""
    sim.faults.add("clock_skew", seconds=299)
    dialog = await user_dialog(hass)
    await dialog.submit(**credentials(sim))
    assert dialog.type is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)
    assert sim.counters.count("getEssList") == 1
    assert not ir.async_get(hass).issues


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("http://openapi.alphaess.com/api", "url_not_https"),
        ("ftp://openapi.alphaess.com/api", "invalid_url"),
        ("openapi.alphaess.com/api", "invalid_url"),
        ("https://exa mple.com/api", "invalid_url"),
    ],
)
async def test_bad_address_and_recovery(
    hass: HomeAssistant, sim: AlphaEssSimulator, address: str, error: str
) -> None:
    """A bad address is refused before anything is sent, and can be corrected."""
    dialog = await user_dialog(hass)
    await dialog.submit(**credentials(sim, expert={"server_url": address}))
    assert dialog.errors == {"base": error}
    assert dialog.suggested == {"app_id": APP_ID, "server_url": address}
    assert sim.counters.count() == 0
    await dialog.submit(**credentials(sim))
    assert dialog.type is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)


@pytest.mark.parametrize(
    "address",
    [
        "https://openapi.alphaess.com/api",
        "https://proxy.example:8443",
        "https://bücher.example/api",
        "http://127.0.0.1:8080/api",
        "http://[::1]:8080/api",
        "http://10.1.2.3/api",
        "http://192.168.1.5:8080/api",
        "http://172.31.255.1",
        "http://169.254.1.1",
        "http://[fd12::7]/api",
        "http://[fe80::7]/api",
        "http://localhost:8080/api",
        "http://server.local/api",
        "http://nas:8080/api",
    ],
)
def test_usable_addresses(address: str) -> None:
    """Any https address will do, and plain http where it stays at home."""
    assert server_url(f" {address}/ ", DEFAULT_URL) == address


@pytest.mark.parametrize("address", [None, "", "  "])
def test_no_address_is_the_default(address: str | None) -> None:
    """The field may be left empty."""
    assert server_url(address, DEFAULT_URL) == DEFAULT_URL


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("http://example.com", "url_not_https"),
        ("http://8.8.8.8/api", "url_not_https"),
        ("http://134744072/api", "url_not_https"),  # 8.8.8.8 as one number
        ("http://0x8.0x8.0x8.0x8/api", "url_not_https"),
        ("http://0x08080808/api", "url_not_https"),
        ("http://010.8.8.8/api", "url_not_https"),
        ("http://[2001:4860:4860::8888]/api", "url_not_https"),
        ("http://[::ffff:8.8.8.8]/api", "url_not_https"),
        ("http://192.168.1.5.example.com/api", "url_not_https"),
        ("http://localhost.example.com/api", "url_not_https"),
        ("https://user@example.com/api", "invalid_url"),
        ("https://user:secret@example.com/api", "invalid_url"),
        ("https://@example.com/api", "invalid_url"),
        ("https://example.com/api?key=1", "invalid_url"),
        ("https://example.com/api#here", "invalid_url"),
        ("https://example.com:port/api", "invalid_url"),
        ("https://example.com:99999/api", "invalid_url"),
        ("https://[::1/api", "invalid_url"),
        ("https://[nonsense]/api", "invalid_url"),
        ("https:///api", "invalid_url"),
        ("https://:443/api", "invalid_url"),
        ("https://exa mple.com", "invalid_url"),
        ("https://example.com/a b", "invalid_url"),
        ("https://exa\tmple.com", "invalid_url"),
        ("https://exa\nmple.com", "invalid_url"),
        ("https://exa\x00mple.com", "invalid_url"),
        ("https://exa\\mple.com", "invalid_url"),
        ("http://127.0.0.1\\@example.com", "invalid_url"),
        ("javascript:alert(1)", "invalid_url"),
        ("😀", "invalid_url"),
    ],
)
def test_unusable_addresses(address: str, error: str) -> None:
    """Whatever is typed in, there is an answer; secrets leave home only with TLS."""
    with pytest.raises(InvalidServerUrl, match=f"^{error}$"):
        server_url(address, DEFAULT_URL)


@pytest.mark.parametrize("app_id", [APP_ID, f" {APP_ID} "])
async def test_account_that_exists(
    hass: HomeAssistant, sim: AlphaEssSimulator, entry: MockConfigEntry, app_id: str
) -> None:
    """An account is added once only; nothing is sent to find that out."""
    await set_up(hass, entry)
    before = dict(entry.data)
    sim.counters.reset()
    dialog = await user_dialog(hass)
    await dialog.submit(**credentials(sim, app_id=app_id, app_secret="f" * 32))
    assert dialog.type is FlowResultType.ABORT
    assert dialog.result["reason"] == "already_configured"
    assert sim.counters.count() == 0
    assert hass.config_entries.async_entries(DOMAIN) == [entry]
    assert entry.data == before


async def test_two_dialogs_for_one_account(
    hass: HomeAssistant, sim: AlphaEssSimulator
) -> None:
    """The second one gives way, so that no entry is replaced."""
    first, second = await user_dialog(hass), await user_dialog(hass)
    async with TROUBLES["busy"][0](sim):
        await first.submit(**credentials(sim))
    await second.submit(**credentials(sim))
    assert second.result["reason"] == "already_in_progress"
    await first.submit(**credentials(sim))
    assert first.type is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_set_up_long_after_the_flow(
    hass: HomeAssistant, sim: AlphaEssSimulator, freezer: FrozenDateTimeFactory
) -> None:
    """The list that the flow read is used while it is fresh, and only then."""
    dialog = await user_dialog(hass)
    with patch(
        "custom_components.alphaess_energy.async_setup_entry", return_value=False
    ):
        await dialog.submit(**credentials(sim))
        await hass.async_block_till_done(wait_background_tasks=True)
    freezer.tick(timedelta(minutes=16))
    entry = dialog.result["result"]
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert sim.counters.count("getEssList") == 2
    assert find_device(hass, entry, SYSTEM_1)
