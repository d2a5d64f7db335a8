"""What a longer life brings: damaged data, another meter, a new channel."""

from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.amber_energy.const import DOMAIN
from simulator.amber import AmberSimulator, Site

from .conftest import entry_of, set_up
from .passing import Passing

DAY = 24 * 3600.0 + 60


def registered(hass: HomeAssistant, key: str) -> str | None:
    """Return the id of the sensor whose unique id ends so."""
    entities = er.async_get(hass).entities.values()
    return next(
        (
            item.entity_id
            for item in entities
            if item.platform == DOMAIN and item.unique_id.endswith(f"_{key}")
        ),
        None,
    )


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        ({"token": None}, "invalid_auth"),
        ({"token": ""}, "invalid_auth"),
        ({"base_url": "ftp://x"}, "invalid_server_url"),
        ({"base_url": "http://example.com"}, "invalid_server_url"),
        ({"site_id": None}, "invalid_site"),
        ({"site_id": ""}, "invalid_site"),
    ],
)
async def test_damaged_entry(
    hass: HomeAssistant,
    sim: AmberSimulator,
    entry: MockConfigEntry,
    damage: dict[str, Any],
    reason: str,
) -> None:
    """An entry that cannot work says why, without a request, and can be removed."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, data={**entry.data, **damage})
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state.name == "SETUP_ERROR"
    assert entry.error_reason_translation_key == reason
    assert sim.counters.count() == 0
    assert await hass.config_entries.async_remove(entry.entry_id)
    assert not hass.config_entries.async_entries(DOMAIN)


async def test_damaged_options(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry
) -> None:
    """Senseless options count as not set."""
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        entry,
        options={
            "state": 7,
            "renewables_states": "abc",
            "spike_hours": "x",
            "billing_day": None,
            "history_days": -4,
            "price_statistics": "?",
            "pricing_mode": "cheap",
            "confirmation_timeout": [],
        },
    )
    await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state.name == "LOADED"
    assert entry.runtime_data.state == "nsw"


async def test_start_without_the_cloud_is_tried_again(
    hass: HomeAssistant, sim: AmberSimulator, entry: MockConfigEntry, step: Passing
) -> None:
    """The entry comes up by itself once Amber answers."""
    await sim.stop()
    await set_up(hass, entry)
    assert entry.state.name == "SETUP_RETRY"
    assert entry.error_reason_translation_key == "cannot_connect"
    await sim.start()
    await step(120)
    assert entry.state.name == "LOADED"
    assert entry.runtime_data.prices.fresh


async def test_interval_length_is_followed(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    step: Passing,
) -> None:
    """A site that is moved to 5 minutes is polled so, without a restart."""
    site.interval_length = 30
    await set_up(hass, entry)
    runtime = entry.runtime_data
    assert runtime.interval_length == 30
    site.interval_length = 5
    await step.jump(DAY)
    await step(400)
    assert runtime is entry.runtime_data
    assert runtime.interval_length == 5
    assert runtime.prices.fresh


async def test_absent_interval_length(
    hass: HomeAssistant, sim: AmberSimulator, site: Site, entry: MockConfigEntry
) -> None:
    """It means 30 minutes."""
    site.interval_length = None
    await set_up(hass, entry)
    assert entry.runtime_data.interval_length == 30


async def test_new_channel(
    hass: HomeAssistant,
    sim: AmberSimulator,
    site: Site,
    entry: MockConfigEntry,
    step: Passing,
) -> None:
    """Solar is installed: its entities appear with its first price, and stay."""
    site.channels = [item for item in site.channels if item.type != "feedIn"]
    await set_up(hass, entry)
    assert [str(item) for item in entry.runtime_data.channels] == [
        "general",
        "controlled_load",
    ]
    assert registered(hass, "feed_in_price") is None
    site.add_channel("B1", "feedIn")
    await step(400)
    entity_id = registered(hass, "feed_in_price")
    assert entity_id is not None
    assert hass.states.get(entity_id).state not in ("unknown", "unavailable")  # type: ignore[union-attr]

    site.channels = [item for item in site.channels if item.type != "feedIn"]
    await step(1300)
    assert hass.states.get(entity_id).state == "unavailable"  # type: ignore[union-attr]
    await hass.config_entries.async_reload(entry.entry_id)
    assert "feed_in" in [str(item) for item in entry.runtime_data.channels]


async def test_closed_site_keeps_its_usage(
    hass: HomeAssistant, sim: AmberSimulator, site: Site, entry: MockConfigEntry
) -> None:
    """There are no prices, but what was used is still to be read."""
    site.status = "closed"
    await set_up(hass, entry)
    assert entry.state.name == "LOADED"
    assert sim.counters.count("prices/current") == 0
    entity_id = registered(hass, "general_price")
    assert entity_id is None or hass.states.get(entity_id).state == "unavailable"  # type: ignore[union-attr]
    assert registered(hass, "usage_last_day") is not None


@pytest.mark.parametrize("site_count", [2])
async def test_polling_disabled_by_the_user(
    hass: HomeAssistant, sim: AmberSimulator, step: Passing
) -> None:
    """Home Assistant's own option stops the polling."""
    entry = entry_of(sim, next(iter(sim.sites.values())))
    entry.add_to_hass(hass)
    hass.config_entries.async_update_entry(entry, pref_disable_polling=True)
    await hass.config_entries.async_setup(entry.entry_id)
    sim.counters.reset()
    await step(1200)
    assert sim.counters.count("prices/current") == 0
