"""Documents that are not kept on disk, and failures of reads made elsewhere."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from core.client.errors import ApiError, AuthError, TransportError

from .home import NOW, Home


async def test_what_is_not_stored_is_only_at_hand(home: Home) -> None:
    coordinator = home.coordinator()
    coordinator.document = replace(coordinator.document, stored=False)
    home.listen(coordinator)
    await home.step()
    assert coordinator.raw == {"value": 1}
    coordinator.take({"value": 5}, NOW + timedelta(seconds=90))
    assert coordinator.raw == {"value": 5}
    assert home.account.documents == {}
    assert not coordinator.restore()


@pytest.mark.parametrize(
    ("err", "asks"), [(TransportError("gone"), False), (AuthError("rejected"), True)]
)
async def test_a_failure_elsewhere_is_one_of_its_own(
    home: Home, err: ApiError, asks: bool
) -> None:
    """Told once, without a new poll; rejected credentials are asked for."""
    coordinator = home.coordinator()
    home.listen(coordinator)
    await home.step()
    told = len(home.calls)
    with patch.object(MockConfigEntry, "async_start_reauth") as reauth:
        coordinator.fail(err)
        coordinator.fail(err)
    assert not coordinator.last_update_success
    assert home.errors[-2:] == [err, err]
    assert len(home.calls) == told + 1
    assert reauth.called is asks
    assert len(home.vendor.asked) == 1


async def test_three_failures_elsewhere_are_an_outage(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    coordinator = home.coordinator()
    home.listen(coordinator)
    await home.step()
    for _ in range(5):
        coordinator.fail(TransportError("gone"))
    assert caplog.text.count("cannot be read") == 1
    coordinator.take({"value": 5}, NOW + timedelta(seconds=90))
    assert caplog.text.count("can be read again") == 1
