"""Adding a site."""

from datetime import date
from unittest.mock import patch

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.amber_energy.const import DOMAIN
from simulator.amber import TOKEN, AmberSimulator, Site

from .conftest import entry_of, set_up
from .flows import TROUBLES, Dialog, Trouble, credentials, user_dialog
from .passing import settle


def offered(dialog: Dialog) -> dict[str, str]:
    """Return the sites that the form offers: label by id."""
    schema = dialog.result["data_schema"]
    assert schema is not None
    config = next(
        selector.config for key, selector in schema.schema.items() if key == "site_id"
    )
    return {option["value"]: option["label"] for option in config["options"]}


async def test_site_is_added(
    hass: HomeAssistant, sim: AmberSimulator, site: Site
) -> None:
    """The right token leads to its only site, with one look at the list."""
    dialog = await user_dialog(hass)
    assert (dialog.type, dialog.step, dialog.errors) == (
        FlowResultType.FORM,
        "user",
        {},
    )
    assert dialog.suggested == {}
    await dialog.submit(**credentials(sim))
    assert (dialog.type, dialog.step) == (FlowResultType.FORM, "site")
    assert offered(dialog) == {site.id: f"{site.nmi}, {site.network}"}
    assert dialog.suggested == {"site_id": site.id, "name": f"Amber {site.nmi[-4:]}"}
    await dialog.submit(site_id=site.id, name=" Home ")
    assert dialog.type is FlowResultType.CREATE_ENTRY
    await settle(hass)
    (entry,) = hass.config_entries.async_entries(DOMAIN)
    assert entry.state is ConfigEntryState.LOADED
    assert (entry.title, entry.unique_id) == ("Home", site.id)
    assert entry.data == {"token": TOKEN, "site_id": site.id, "base_url": sim.url}
    assert entry.options == {}
    assert sim.counters.count("sites") == 1


async def test_default_server_is_not_stored(
    hass: HomeAssistant, sim: AmberSimulator, site: Site
) -> None:
    """An entry without an address of its own follows the integration's default."""
    package = "custom_components.amber_energy"
    with (
        patch(f"{package}.config_flow.DEFAULT_URL", sim.url),
        patch(f"{package}.connection.DEFAULT_URL", sim.url),
    ):
        dialog = await user_dialog(hass)
        await dialog.submit(**credentials(sim, expert={}))
        await dialog.submit(site_id=site.id)
        await settle(hass)
    entry = dialog.result["result"]
    assert entry.data == {"token": TOKEN, "site_id": site.id}
    assert entry.title == f"Amber {site.nmi[-4:]}"
    assert entry.state is ConfigEntryState.LOADED


async def test_blanks_are_taken_off(
    hass: HomeAssistant, sim: AmberSimulator, site: Site
) -> None:
    """Copying from the page easily takes a blank along."""
    dialog = await user_dialog(hass)
    await dialog.submit(token=f" {TOKEN}\n", expert={"server_url": f" {sim.url}/ "})
    await dialog.submit(site_id=site.id)
    await settle(hass)
    data = dialog.result["result"].data
    assert (data["token"], data["base_url"]) == (TOKEN, sim.url)


@pytest.mark.parametrize(
    ("trouble", "field", "error"), TROUBLES.values(), ids=TROUBLES.keys()
)
async def test_trouble_and_recovery(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    trouble: Trouble,
    field: str,
    error: str,
) -> None:
    """Each error is told at its field, keeps the address, and can be mended."""
    dialog = await user_dialog(hass)
    async with trouble(sim):
        await dialog.submit(token=TOKEN, expert={"server_url": sim.url})
        assert (dialog.type, dialog.step) == (FlowResultType.FORM, "user")
        assert dialog.errors == {field: error}
        assert dialog.suggested == {"server_url": sim.url}
    await dialog.submit(**credentials(sim, **dialog.kept))
    await dialog.submit(site_id=site.id)
    assert dialog.type is FlowResultType.CREATE_ENTRY
    await settle(hass)
    assert dialog.result["result"].state is ConfigEntryState.LOADED


@pytest.mark.parametrize("token", ["", "  ", "psk_\x07x", "psk_\nx"])
async def test_what_cannot_be_a_token(
    hass: HomeAssistant, sim: AmberSimulator, token: str
) -> None:
    """It is refused without a request."""
    dialog = await user_dialog(hass)
    await dialog.submit(**credentials(sim, token=token))
    assert dialog.errors == {"token": "invalid_auth"}
    assert sim.counters.count() == 0


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("http://api.amber.com.au/v1", "url_not_https"),
        ("ftp://api.amber.com.au/v1", "invalid_url"),
        ("api.amber.com.au/v1", "invalid_url"),
    ],
)
async def test_bad_address_and_recovery(
    hass: HomeAssistant, sim: AmberSimulator, address: str, error: str
) -> None:
    """A bad address is refused before anything is sent, and can be corrected."""
    dialog = await user_dialog(hass)
    await dialog.submit(**credentials(sim, expert={"server_url": address}))
    assert dialog.errors == {"base": error}
    assert dialog.suggested == {"server_url": address}
    assert sim.counters.count() == 0
    await dialog.submit(**credentials(sim))
    assert dialog.step == "site"


async def test_refused_token_leaves_nothing(
    hass: HomeAssistant, sim: AmberSimulator, hass_storage: dict[str, object]
) -> None:
    """It is asked once, and what was typed in makes no file."""
    dialog = await user_dialog(hass)
    await dialog.submit(**credentials(sim, token="psk_of_somebody_else"))
    assert dialog.errors == {"token": "invalid_auth"}
    assert sim.counters.count() == 1
    await hass.async_stop(force=True)
    assert not [key for key in hass_storage if key.startswith(DOMAIN)]


async def test_used_up_limit_is_obeyed(
    hass: HomeAssistant, sim: AmberSimulator, freezer: FrozenDateTimeFactory
) -> None:
    """The seconds until the window's end are said, and nothing is sent until then."""
    sim.spend("sites_usage", 49)
    dialog = await user_dialog(hass)
    await dialog.submit(**credentials(sim))  # the last one that is allowed
    assert dialog.step == "site"
    for _ in range(3):
        dialog = await user_dialog(hass)
        await dialog.submit(**credentials(sim))
        assert dialog.errors == {"base": "rate_limited"}
    assert sim.counters.count() == 1
    placeholders = dialog.result["description_placeholders"]
    assert placeholders is not None
    assert 1 <= int(placeholders["seconds"]) <= 302
    freezer.tick(303)
    await dialog.submit(**credentials(sim))
    assert dialog.step == "site"


async def test_no_site_and_recovery(
    hass: HomeAssistant, sim: AmberSimulator, site: Site
) -> None:
    """An account of closed sites, or none yet, is explained; it can be tried again."""
    dialog = await user_dialog(hass)
    site.status = "closed"
    await dialog.submit(**credentials(sim))
    assert dialog.errors == {"base": "no_site"}
    assert dialog.suggested == {"server_url": sim.url}
    sim.accounts[0].sites = set()
    await dialog.submit(**credentials(sim))
    assert dialog.errors == {"base": "no_site"}
    sim.accounts[0].sites, site.status = None, "active"
    await dialog.submit(**credentials(sim))
    assert dialog.step == "site"


@pytest.mark.parametrize("site_count", [2])
async def test_choice_of_sites(hass: HomeAssistant, sim: AmberSimulator) -> None:
    """Active sites come first, pending ones are marked, one per meter, no closed one."""
    first, second = list(sim.sites.values())
    first.status, first.active_from = "pending", date(2026, 11, 1)
    second.status = "active"
    for number, (nmi, status) in enumerate(
        [("41000000001", "closed"), (second.nmi, "pending")]
    ):
        site_id = f"01JZZZZZZZZZZZZZZZZZZZZZZ{number}"
        sim.sites[site_id] = Site(
            id=site_id, nmi=nmi, channels=list(first.channels), status=status
        )
    dialog = await user_dialog(hass)
    await dialog.submit(**credentials(sim))
    assert offered(dialog) == {
        second.id: f"{second.nmi}, {second.network}",
        first.id: f"{first.nmi}, {first.network} (Pending)",
    }
    assert list(offered(dialog)) == [second.id, first.id]
    assert dialog.suggested == {"site_id": second.id}  # no name for either
    await dialog.submit(site_id=first.id)
    await settle(hass)
    entry = dialog.result["result"]
    assert (entry.unique_id, entry.title) == (first.id, f"Amber {first.nmi[-4:]}")
    assert entry.state is ConfigEntryState.LOADED


@pytest.mark.parametrize("site_count", [2])
async def test_second_site_of_an_account(
    hass: HomeAssistant, sim: AmberSimulator
) -> None:
    """What is set up already is not offered; when all are, there is nothing to do."""
    first, second = list(sim.sites.values())
    first.status = second.status = "active"
    await set_up(hass, entry_of(sim, first))
    dialog = await user_dialog(hass)
    await dialog.submit(**credentials(sim))
    assert list(offered(dialog)) == [second.id]
    await dialog.submit(site_id=second.id)
    await settle(hass)
    assert len(hass.config_entries.async_loaded_entries(DOMAIN)) == 2
    dialog = await user_dialog(hass)
    await dialog.submit(**credentials(sim))
    assert (dialog.type, dialog.reason) == (FlowResultType.ABORT, "already_configured")


async def test_two_dialogs_for_one_site(
    hass: HomeAssistant, sim: AmberSimulator, site: Site
) -> None:
    """The second one gives way, so that no entry is replaced."""
    first, second = await user_dialog(hass), await user_dialog(hass)
    for dialog in (first, second):
        await dialog.submit(**credentials(sim))
    await first.submit(site_id=site.id)
    await settle(hass)
    assert first.type is FlowResultType.CREATE_ENTRY
    await second.submit(site_id=site.id)
    assert second.reason == "already_configured"
    assert len(hass.config_entries.async_entries(DOMAIN)) == 1


async def test_ignored_site_can_be_added(
    hass: HomeAssistant, sim: AmberSimulator, site: Site
) -> None:
    """Only entries that are really there count."""
    MockConfigEntry(domain=DOMAIN, unique_id="other", source="ignore").add_to_hass(hass)
    dialog = await user_dialog(hass)
    await dialog.submit(**credentials(sim))
    assert list(offered(dialog)) == [site.id]


async def test_set_up_long_after_the_flow(
    hass: HomeAssistant, sim: AmberSimulator, site: Site, freezer: FrozenDateTimeFactory
) -> None:
    """The list that the flow read is used while it is new, and only then."""
    dialog = await user_dialog(hass)
    await dialog.submit(**credentials(sim))
    with patch("custom_components.amber_energy.async_setup_entry", return_value=False):
        await dialog.submit(site_id=site.id)
        await settle(hass)
    freezer.tick(601)
    entry = dialog.result["result"]
    await hass.config_entries.async_reload(entry.entry_id)
    await settle(hass)
    assert entry.state is ConfigEntryState.LOADED
    assert sim.counters.count("sites") == 2


async def test_site_without_network(
    hass: HomeAssistant, sim: AmberSimulator, site: Site
) -> None:
    """It is shown by its meter number alone."""
    sim.faults.add("mutate", "sites", field="*.network", value=None)
    dialog = await user_dialog(hass)
    await dialog.submit(**credentials(sim))
    assert offered(dialog) == {site.id: site.nmi}
