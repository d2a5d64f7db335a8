"""Two systems of one model have one name in the log, and still are two."""

import logging

import pytest

from core.client.errors import BadDataError, TransportError

from .home import Home

NAME = "AlphaESS system SMILE5"
DOWN = f"{NAME} cannot be read (live): odd"
UP = f"{NAME} can be read again"


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.INFO and record.name.startswith("core.")
    ]


async def test_each_twin_is_told_of(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    """A healthy one hides nothing of the other, nor does one that failed before."""
    first, second = home.beside(), home.beside()
    for serial, twin in (("S1", first), ("S2", second)):
        for document in ("live", "energy"):
            twin.listen(twin.coordinator(f"{serial}/{document}", NAME))
    first.vendor.answer = BadDataError("odd")
    for _ in range(5):
        await home.step()
    assert [line.replace("energy", "live") for line in lines(caplog)] == [DOWN]
    second.vendor.answer = BadDataError("odd")
    for _ in range(5):
        await home.step()
    assert [line.replace("energy", "live") for line in lines(caplog)] == [DOWN, DOWN]
    first.vendor.answer = 1
    await home.step()
    assert lines(caplog)[2:] == [UP]
    second.vendor.answer = 1
    await home.step()
    assert lines(caplog)[2:] == [UP, UP]


async def test_who_is_gone_is_forgotten(
    home: Home, caplog: pytest.LogCaptureFixture
) -> None:
    """It does not keep the account from being told as back, or as down once more."""
    gone, stays = home.beside(), home.beside()
    coordinator = gone.coordinator("S1/live", NAME)
    gone.listen(coordinator)
    stays.listen(stays.coordinator("S2/live", NAME))
    gone.vendor.answer = stays.vendor.answer = TransportError("no answer")
    for _ in range(3):
        await home.step()
    await coordinator.async_shutdown()
    stays.vendor.answer = 1
    await home.step()
    assert lines(caplog)[1:] == ["Account can be read again"]
    again = gone.coordinator("S1/live", NAME)
    gone.listen(again)
    for _ in range(2):
        await home.step()
    assert lines(caplog)[2:] == []
