"""One line when something stops answering, one when it is back (fault matrix row 1)."""

import logging
import re

import pytest

from core.client.errors import (
    ApiError,
    AuthError,
    BadDataError,
    LockedError,
    MaintenanceError,
    ThrottledError,
    TransportError,
)

from .home import Home


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.INFO and record.name.startswith("core.")
    ]


async def test_one_line_down_and_one_up(
    home: Home,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """For all documents of an account together, when their values are hidden."""
    for key in ("S1/live", "S1/energy", "S2/live"):
        home.listen(home.coordinator(key, device=f"System {key[:2]}"))
    await home.step()
    caplog.clear()
    home.vendor.answer = TransportError("no answer")
    for _ in range(10):
        await home.step()
    [line] = lines(caplog)
    assert re.fullmatch(r"Account cannot be read \((live|energy)\): no answer", line)
    caplog.clear()
    home.vendor.answer = 2
    for _ in range(3):
        await home.step()
    assert lines(caplog) == ["Account can be read again"]


async def test_single_failures_are_not_logged(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    """The vendor is busy dozens of times a day."""
    home.listen(home.coordinator())
    for answer in (
        1,
        TransportError("x"),
        TransportError("x"),
        1,
        BadDataError("x"),
        1,
    ):
        home.vendor.answer = answer
        await home.step()
    assert lines(caplog) == []


@pytest.mark.parametrize(
    "err",
    [
        TransportError("x"),
        ThrottledError("x"),
        LockedError("x"),
        MaintenanceError("x"),
        AuthError("x"),
    ],
    ids=lambda err: type(err).__name__,
)
async def test_the_account_is_named(
    home: Home,
    caplog: pytest.LogCaptureFixture,
    err: ApiError,
) -> None:
    """What stops all documents is said of the account."""
    home.listen(home.coordinator())
    home.vendor.answer = err
    for _ in range(3):
        await home.step()
    assert lines(caplog) == ["Account cannot be read (live): x"]


async def test_a_device_is_named(
    home: Home,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What one of them lacks is said of that one; the others are not blamed."""
    first, second = home.beside(), home.beside()
    home.listen(first.coordinator("S1/live", "System 1"))
    home.listen(second.coordinator("S2/live", "System 2"))
    first.vendor.answer = MaintenanceError("offline", reason="device_offline")
    for _ in range(4):
        await home.step()
    assert lines(caplog) == ["System 1 cannot be read (live): offline"]
    second.vendor.answer = BadDataError("odd")
    for _ in range(4):
        await home.step()
    assert lines(caplog)[1:] == ["System 2 cannot be read (live): odd"]
    first.vendor.answer = 1
    await home.step()
    assert lines(caplog)[2:] == ["System 1 can be read again"]


async def test_devices_of_one_name(
    home: Home,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Two chargers of a system: one that fails does not alternate with one that works."""
    first, second = home.beside(), home.beside()
    home.listen(first.coordinator("S1/charger/A", "System", label="charger"))
    home.listen(second.coordinator("S1/charger/B", "System", label="charger"))
    first.vendor.answer = BadDataError("odd")
    for _ in range(10):
        await home.step()
    assert lines(caplog) == ["System cannot be read (charger): odd"]
