"""Leases on disk: there before anything is sent, or nothing is."""

from typing import Any
from unittest.mock import patch

from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers.storage import Store
import pytest

from core.control.lease import LeaseNotSaved
from core.ha.lease_store import HassLeaseStore

from .home import DOMAIN

FILE = f"{DOMAIN}.leases"
RECORD = {"owner": "entry1", "leases": {"mode": {"until": "2026-11-20T12:00:00+00:00"}}}


@pytest.fixture
async def store(hass: HomeAssistant) -> HassLeaseStore:
    store = HassLeaseStore(hass, DOMAIN)
    await store.async_load()
    return store


async def test_begin_is_on_disk_when_it_returns(
    store: HassLeaseStore, hass_storage: dict[str, Any]
) -> None:
    await store.begin("S1", RECORD)
    assert hass_storage[FILE]["data"] == {"S1": RECORD}
    assert store.keys("entry1") == ["S1"]
    assert store.keys("entry2") == []


async def test_a_restart_finds_what_was_begun(
    hass: HomeAssistant, store: HassLeaseStore
) -> None:
    await store.begin("S1", RECORD)
    again = HassLeaseStore(hass, DOMAIN)
    await again.async_load()
    assert again.get("S1") == RECORD


async def test_update_changes_and_forgets(
    store: HassLeaseStore, hass_storage: dict[str, Any]
) -> None:
    await store.begin("S1", RECORD)
    await store.begin("S2", RECORD)
    await store.update("S1", None)
    assert store.get("S1") is None
    assert hass_storage[FILE]["data"] == {"S2": RECORD}


async def test_a_disk_that_takes_nothing_refuses(store: HassLeaseStore) -> None:
    with (
        patch.object(Store, "async_save", autospec=True),
        pytest.raises(LeaseNotSaved, match="disk"),
    ):
        await store.begin("S1", RECORD)
    assert store.get("S1") is None


async def test_a_value_that_cannot_be_written_refuses(
    store: HassLeaseStore, caplog: pytest.LogCaptureFixture
) -> None:
    """Home Assistant only logs that; nothing may be sent for it all the same."""
    with pytest.raises(LeaseNotSaved):
        await store.begin("S1", {"owner": "e", "leases": {"mode": (1, 2)}})


async def test_while_home_assistant_stops_nothing_begins(
    hass: HomeAssistant, store: HassLeaseStore
) -> None:
    hass.set_state(CoreState.stopping)
    with pytest.raises(LeaseNotSaved, match="stopping"):
        await store.begin("S1", RECORD)


@pytest.mark.parametrize(
    "data",
    [
        [],
        "leases",
        None,
        {"S1": "odd"},
        {"S1": {"owner": "entry1", "leases": "odd"}},
        {"S1": {"owner": "entry1", "leases": ["odd"]}},
    ],
)
async def test_a_senseless_file_is_no_lease(
    hass: HomeAssistant, hass_storage: dict[str, Any], data: Any
) -> None:
    hass_storage[FILE] = {"version": 1, "minor_version": 1, "key": FILE, "data": data}
    store = HassLeaseStore(hass, DOMAIN)
    await store.async_load()
    assert store.get("S1") is None
    await store.begin("S1", RECORD)


async def test_a_file_of_a_newer_version_is_left_alone(
    hass: HomeAssistant, hass_storage: dict[str, Any]
) -> None:
    content = {"version": 9, "minor_version": 1, "key": FILE, "data": {"x": 1}}
    hass_storage[FILE] = content
    store = HassLeaseStore(hass, DOMAIN)
    await store.async_load()
    with pytest.raises(LeaseNotSaved, match="newer"):
        await store.begin("S1", RECORD)
    await store.update("S1", RECORD)
    assert hass_storage[FILE] == content
