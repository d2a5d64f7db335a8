"""How long a coordinator waits after failures, and what is no failure."""

from datetime import timedelta
import logging

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryAuthFailed, ConfigEntryNotReady
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.util import dt as dt_util
import pytest

from core.client.errors import (
    AuthError,
    ThrottledError,
    TransportError,
    UnsupportedError,
)

from .home import Home

MOST = timedelta(minutes=10)


async def asked_in(home: Home, minutes: int) -> int:
    """Return how often the vendor was asked in so many minutes."""
    before = len(home.vendor.asked)
    for _ in range(minutes * 2):
        await home.step(30)
    return len(home.vendor.asked) - before


async def test_pauses_double_up_to_the_limit(home: Home) -> None:
    """Three tries as usual, then ever fewer, and as usual again once it answers."""
    coordinator = home.coordinator(back_off=MOST)
    home.listen(coordinator)
    home.vendor.answer = TransportError("gone")
    assert await asked_in(home, 3) == 3
    assert await asked_in(home, 10) <= 4
    assert 4 <= await asked_in(home, 50) <= 7
    home.vendor.answer = 5
    await asked_in(home, 12)
    assert coordinator.last_update_success
    assert await asked_in(home, 10) == 10
    # It begins anew, also after a document that was read elsewhere.
    home.vendor.answer = TransportError("gone")
    assert await asked_in(home, 3) == 3


async def test_what_was_read_elsewhere_ends_the_pause(home: Home) -> None:
    """An answer is an answer, whoever asked."""
    coordinator = home.coordinator(back_off=MOST)
    home.listen(coordinator)
    home.vendor.answer = TransportError("gone")
    await asked_in(home, 30)
    coordinator.take({"value": 5}, dt_util.utcnow())
    assert await asked_in(home, 4) >= 3


async def test_without_a_limit_it_goes_on_as_usual(home: Home) -> None:
    """Who says nothing of it is asked at the same pace."""
    home.listen(home.coordinator())
    home.vendor.answer = TransportError("gone")
    assert await asked_in(home, 20) == 20


@pytest.mark.parametrize("optional", [True, False])
async def test_what_does_not_exist(
    home: Home, caplog: pytest.LogCaptureFixture, optional: bool
) -> None:
    """An optional document that is not there is not worth a line in the log."""
    caplog.set_level(logging.INFO)
    coordinator = home.coordinator(optional=optional, back_off=MOST)
    home.listen(coordinator)
    home.vendor.answer = UnsupportedError("no such thing")
    asked = await asked_in(home, 20)
    lines = [item for item in caplog.messages if "cannot be read" in item]
    assert len(lines) == (0 if optional else 1)
    assert (asked == 20) is optional
    assert not coordinator.last_update_success


async def test_what_never_exists_is_asked_for_ever_more_seldom(home: Home) -> None:
    """In the end at its own cadence; what is read often is not read less often."""
    coordinator = home.coordinator(optional=True, interval=timedelta(hours=6))
    home.listen(coordinator)
    home.vendor.answer = UnsupportedError("no such thing")
    pauses = []
    for _ in range(8):
        await coordinator.async_refresh()
        pauses.append(coordinator.update_interval)
    quarters = [pause / timedelta(minutes=15) for pause in pauses if pause]
    assert quarters == [1, 1, 1, 2, 4, 8, 16, 24]
    home.vendor.answer = TransportError("gone")
    await coordinator.async_refresh()
    assert coordinator.update_interval == timedelta(minutes=15)
    home.vendor.answer = UnsupportedError("no such thing")
    await coordinator.async_refresh()
    assert coordinator.update_interval == timedelta(minutes=15)


async def test_optional_one_that_fails_otherwise(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    """Only that it does not exist is no trouble."""
    home.listen(home.coordinator(optional=True))
    home.vendor.answer = TransportError("gone")
    await asked_in(home, 5)
    assert "cannot be read" in caplog.text


@pytest.mark.parametrize(
    ("patient", "reason", "lines"),
    [(True, "budget", 0), (False, "budget", 1), (True, "rate_limit", 1)],
)
async def test_turns_within_our_own_budget(
    home: Home,
    caplog: pytest.LogCaptureFixture,
    patient: bool,
    reason: str,
    lines: int,
) -> None:
    """A patient document waits for its turn in silence; the vendor's no is told."""
    home.listen(home.coordinator(patient=patient))
    home.vendor.answer = ThrottledError("later", retry_after=60, reason=reason)
    assert await asked_in(home, 10) >= 9
    told = [item for item in caplog.messages if "cannot be read" in item]
    assert len(told) == lines


@pytest.mark.parametrize("patient", [True, False])
async def test_a_turn_is_taken_as_soon_as_it_comes(
    home: Home, hass: HomeAssistant, patient: bool
) -> None:
    """Also after a first refresh, of which Home Assistant keeps no pause."""
    home.entry.mock_state(hass, ConfigEntryState.SETUP_IN_PROGRESS)
    coordinator = home.coordinator(patient=patient, interval=timedelta(minutes=10))
    home.vendor.answer = ThrottledError("later", retry_after=90, reason="budget")
    with pytest.raises(ConfigEntryNotReady):
        await coordinator.async_config_entry_first_refresh()
    home.listen(coordinator)
    home.vendor.answer = 5
    assert await asked_in(home, 1) == 0
    assert await asked_in(home, 1) == int(patient)


async def test_one_rejection_may_be_a_slip(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    """It is asked once more at its cadence, without a word; the second one counts."""
    coordinator = home.coordinator(refusals=2)
    home.listen(coordinator)
    await home.step()
    for _ in range(2):
        home.vendor.answer = AuthError("no")
        await home.step()
        assert isinstance(coordinator.last_exception, UpdateFailed)
        assert coordinator.last_exception.translation_key == "invalid_auth"
        home.vendor.answer = 2
        await home.step()
        assert coordinator.last_update_success
    home.vendor.answer = AuthError("no")
    await home.step()
    assert not [item for item in caplog.records if item.levelno >= logging.WARNING]
    await home.step()
    assert isinstance(coordinator.last_exception, ConfigEntryAuthFailed)
    assert [item for item in caplog.records if item.levelno >= logging.WARNING]
    assert await asked_in(home, 5) == 0


async def test_what_was_read_elsewhere_ends_a_rejection(home: Home) -> None:
    """It is polled again, and the next rejection is a first one."""
    coordinator = home.coordinator(refusals=2)
    home.listen(coordinator)
    home.vendor.answer = AuthError("no")
    await asked_in(home, 5)
    assert isinstance(coordinator.last_exception, ConfigEntryAuthFailed)
    coordinator.take({"value": 3}, dt_util.utcnow())
    await home.step(61)
    assert isinstance(coordinator.last_exception, UpdateFailed)


async def test_after_the_first_refresh_a_rejection_elsewhere_may_be_a_slip(
    home: Home, hass: HomeAssistant
) -> None:
    """Also for one that never polls by itself."""
    home.entry.mock_state(hass, ConfigEntryState.SETUP_IN_PROGRESS)
    coordinator = home.coordinator(refusals=2)
    await coordinator.async_config_entry_first_refresh()
    coordinator.fail(AuthError("no"))
    assert isinstance(coordinator.last_exception, UpdateFailed)


async def test_the_first_refresh_does_not_wait_for_a_second_rejection(
    home: Home, hass: HomeAssistant
) -> None:
    """Set-up is tried anew each time, so there would never be one."""
    home.entry.mock_state(hass, ConfigEntryState.SETUP_IN_PROGRESS)
    home.vendor.answer = AuthError("no")
    with pytest.raises(ConfigEntryAuthFailed):
        await home.coordinator(refusals=2).async_config_entry_first_refresh()
