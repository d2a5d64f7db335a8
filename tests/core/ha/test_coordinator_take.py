"""A document that was read elsewhere, such as after a write."""

from datetime import timedelta

import pytest

from core.client.errors import BadDataError, TransportError

from .home import NOW, Home


async def test_it_is_shown_and_kept(home: Home) -> None:
    """At once, and the next poll comes an interval later."""
    coordinator = home.coordinator()
    home.listen(coordinator)
    await home.step()
    await home.step(30)
    coordinator.take({"value": 5}, NOW + timedelta(seconds=90))
    assert coordinator.data.value == 5
    assert coordinator.raw == {"value": 5}
    assert home.calls[-1] == (NOW + timedelta(seconds=90), True)
    await home.step(40)
    assert len(home.vendor.asked) == 1
    await home.step(21)
    assert len(home.vendor.asked) == 2
    assert coordinator.data.value == 1


async def test_after_a_failure_it_ends_the_outage(home: Home) -> None:
    coordinator = home.coordinator()
    home.listen(coordinator)
    home.vendor.answer = TransportError("gone")
    await home.step()
    assert not coordinator.last_update_success
    coordinator.take({"value": 5}, NOW + timedelta(seconds=60))
    assert coordinator.last_update_success
    assert home.errors[-1] is None


async def test_nonsense_changes_nothing(home: Home) -> None:
    coordinator = home.coordinator()
    home.listen(coordinator)
    await home.step()
    with pytest.raises(BadDataError):
        coordinator.take({"value": "odd"}, NOW + timedelta(seconds=61))
    assert coordinator.data.value == 1
    assert coordinator.raw == {"value": 1}


async def test_a_poll_that_began_before_does_not_replace_it(home: Home) -> None:
    """Else an entity would show the settings of before a write until the next poll."""
    coordinator = home.coordinator()
    home.listen(coordinator)

    def written_meanwhile(_seconds: float) -> None:
        coordinator.take({"value": 5}, NOW + timedelta(seconds=60))

    home.vendor.tick = written_meanwhile
    await home.step()
    assert coordinator.data.value == 5
    assert coordinator.raw == {"value": 5}
    home.vendor.tick = lambda _: None
    await home.step()
    assert coordinator.data.value == 1
