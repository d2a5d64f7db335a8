"""Documents at their cadence: restore, errors, age, the log (design.md section 3)."""

from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryNotReady
from homeassistant.helpers.update_coordinator import UpdateFailed
import pytest

from core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    LockedError,
    MaintenanceError,
    NotPermittedError,
    ThrottledError,
    TransportError,
    UnsupportedError,
)
from core.ha.account import Stored

from .home import DOMAIN, MAX_AGE, NOW, Home, Reading


async def test_polls_at_its_cadence(home: Home) -> None:
    """And keeps what was sent, for the next start."""
    coordinator = home.coordinator()
    assert [coordinator.known, coordinator.fresh] == [False, False]
    assert coordinator.observed_at is None
    home.listen(coordinator)
    for _ in range(5):
        await home.step()
    assert len(home.vendor.asked) == 5
    assert coordinator.known
    assert coordinator.observed_at == home.vendor.asked[-1]
    assert home.account.documents["S1/live"] == Stored(
        {"value": 1}, home.vendor.asked[-1]
    )
    assert home.errors == [None] * 5


@pytest.mark.parametrize("seconds", [0, 20, 59])
async def test_a_fresh_document_is_taken_over(home: Home, seconds: int) -> None:
    """The next poll comes when it would have come without the restart."""
    home.account.put("S1/live", {"value": 7}, NOW - timedelta(seconds=seconds))
    coordinator = home.coordinator()
    assert coordinator.restore()
    assert coordinator.data.value == 7
    assert coordinator.fresh
    home.listen(coordinator)
    await home.step(60 - seconds - 1)
    assert home.vendor.asked == []
    await home.step(3)
    assert len(home.vendor.asked) == 1
    await home.step(58)
    assert len(home.vendor.asked) == 1
    await home.step(3)
    assert len(home.vendor.asked) == 2


@pytest.mark.parametrize(
    ("age", "shown"), [(60, True), (120, True), (195, False), (86_400, False)]
)
async def test_an_old_document_needs_a_poll(home: Home, age: int, shown: bool) -> None:
    """It is shown while its age allows it, even if the vendor is down now."""
    home.account.put("S1/live", {"value": 7}, NOW - timedelta(seconds=age))
    home.vendor.answer = TransportError("x")
    coordinator = home.coordinator()
    assert not coordinator.restore()
    assert coordinator.known
    assert coordinator.fresh is shown
    await coordinator.async_refresh()
    assert coordinator.fresh is shown
    assert coordinator.data.value == 7


@pytest.mark.parametrize(
    ("raw", "ahead"), [({"value": "x"}, 0), (None, 0), ([], 0), ({"value": 7}, 90)]
)
async def test_a_document_that_is_of_no_use(home: Home, raw: Any, ahead: int) -> None:
    """Damaged, or from the future because the clock was put back."""
    home.account.put("S1/live", raw, NOW + timedelta(seconds=ahead))
    coordinator = home.coordinator()
    assert not coordinator.restore()
    assert not coordinator.known
    assert not home.coordinator("S1/other").restore()


ERRORS: list[tuple[ApiError, str, float | None]] = [
    (TransportError("x"), "cannot_connect", None),
    (TransportError("x", reason="timeout"), "cannot_connect", None),
    (TransportError("x", reason="vendor_busy"), "vendor_busy", None),
    (ThrottledError("x", retry_after=600), "throttled", 600),
    (ThrottledError("x"), "throttled", None),
    (LockedError("x", until=NOW + timedelta(hours=2, minutes=2)), "locked", 7200),
    (LockedError("x"), "locked", None),
    (NotPermittedError("x", reason="not_bound"), "not_bound", None),
    (NotPermittedError("x"), "not_permitted", None),
    (MaintenanceError("x", retry_after=1200), "maintenance", 1200),
    (MaintenanceError("x", reason="device_offline"), "device_offline", None),
    (BadDataError("x"), "bad_data", None),
    (UnsupportedError("x"), "unsupported", None),
    (ApiError("x"), "unknown", None),
]


@pytest.mark.parametrize(("err", "key", "pause"), ERRORS, ids=repr)
async def test_errors(home: Home, err: ApiError, key: str, pause: float | None) -> None:
    """Each has its text; the vendor's pause moves the next poll, then all is as before."""
    coordinator = home.coordinator()
    home.listen(coordinator)
    await home.step()
    home.vendor.answer = err
    await home.step()
    raised = coordinator.last_exception
    assert isinstance(raised, UpdateFailed)
    assert (raised.translation_domain, raised.translation_key) == (DOMAIN, key)
    assert raised.translation_placeholders == {"detail": "x"}
    assert raised.__cause__ is home.errors[-1] is err
    assert [coordinator.last_update_success, coordinator.fresh] == [False, True]
    home.vendor.answer = 2
    asked = len(home.vendor.asked)
    await home.step((pause or 60) - 5)
    assert len(home.vendor.asked) == asked
    await home.step(7)
    assert len(home.vendor.asked) == asked + 1
    assert coordinator.last_exception is raised
    assert coordinator.data.value == 2
    assert home.errors[-2:] == [err, None]
    await home.step(61)
    assert len(home.vendor.asked) == asked + 2


async def test_rejected_credentials_start_a_reauth(
    home: Home, hass: HomeAssistant
) -> None:
    """Nothing is asked with them any more, and the values are hidden in time."""
    coordinator = home.coordinator()
    home.listen(coordinator)
    await home.step()
    home.vendor.answer = AuthError("x")
    await home.step()
    assert isinstance(coordinator.last_exception, ConfigEntryAuthFailed)
    assert coordinator.last_exception.translation_key == "invalid_auth"
    asked = len(home.vendor.asked)
    for _ in range(5):
        await home.step()
    assert len(home.vendor.asked) == asked
    assert home.calls[-1][1] is False


@pytest.mark.parametrize(
    ("err", "raised"),
    [
        (TransportError("x"), ConfigEntryNotReady),
        (ThrottledError("x", retry_after=5), ConfigEntryNotReady),
        (AuthError("x"), ConfigEntryAuthFailed),
    ],
)
async def test_the_first_refresh(
    home: Home, hass: HomeAssistant, err: ApiError, raised: type[Exception]
) -> None:
    """Set-up is tried again later, or asks for new credentials."""
    home.entry.mock_state(hass, ConfigEntryState.SETUP_IN_PROGRESS)
    home.vendor.answer = err
    with pytest.raises(raised) as caught:
        await home.coordinator().async_config_entry_first_refresh()
    assert getattr(caught.value, "translation_domain", None) == DOMAIN


@pytest.mark.parametrize("seconds", [0, 10, 14, 14.5, 15, 15.5, 16, 17, 40])
async def test_values_are_hidden_in_time(home: Home, seconds: float) -> None:
    """However long the polls take that go on failing: the listeners are told once."""
    coordinator = home.coordinator()
    home.listen(coordinator)
    await home.step()
    assert home.calls[-1][1] is True
    began = coordinator.data.observed_at
    home.vendor.answer = TransportError("x")
    home.vendor.seconds = seconds
    for _ in range(400):
        await home.step(1)
    hidden = [at for at, fresh in home.calls if not fresh]
    assert len(hidden) == 1
    assert MAX_AGE <= hidden[0] - began <= MAX_AGE + timedelta(seconds=seconds + 3)
    home.vendor.answer = 3
    await home.step(61)
    assert home.calls[-1][1] is True


async def test_restored_values_are_hidden_in_time(home: Home) -> None:
    """The age counts, not the time since the start."""
    home.account.put("S1/live", {"value": 7}, NOW - timedelta(seconds=50))
    home.vendor.answer = TransportError("x")
    coordinator = home.coordinator()
    assert coordinator.restore()
    home.listen(coordinator)
    for _ in range(15):
        await home.step(10)
    assert [fresh for _, fresh in home.calls][-1] is False


async def test_a_reading_of_the_past(home: Home) -> None:
    """A frozen cloud: each poll succeeds, the values get too old."""
    coordinator = home.coordinator(
        decode=lambda raw, _: Reading(observed_at=NOW, value=raw["value"])
    )
    home.listen(coordinator)
    for _ in range(5):
        await home.step()
    assert coordinator.last_update_success
    assert not coordinator.fresh
    assert home.calls[-1][1] is False
