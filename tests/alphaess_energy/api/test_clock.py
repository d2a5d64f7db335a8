"""A wrong clock, and the whitelist that has its code (alphaess.md section 2)."""

from datetime import timedelta
from typing import Literal

from aiohttp import web
import pytest

from custom_components.alphaess_energy._vendor.core.client.errors import (
    NotPermittedError,
)
from custom_components.alphaess_energy.api.client import AlphaEssClient
from simulator.alphaess import APP_ID, AlphaEssSimulator
from tests.core.fake_clock import FakeClock

from .conftest import SYSTEM_1, SYSTEM_2

type ClockCode = Literal[6006, 6009]

CODES: list[ClockCode] = [6006, 6009]


@pytest.fixture(params=CODES)
def code(request: pytest.FixtureRequest, sim: AlphaEssSimulator) -> ClockCode:
    """What the server says to a wrong time."""
    code: ClockCode = request.param
    sim.clock_error_code = code
    return code


@pytest.mark.parametrize("seconds", [-86400, -301, 302, 3600])
async def test_a_wrong_clock_is_corrected(
    client: AlphaEssClient, sim: AlphaEssSimulator, code: ClockCode, seconds: int
) -> None:
    """One refusal, then the server's time is signed, from then on at once."""
    sim.faults.add("clock_skew", seconds=seconds)
    assert (await client.last_power(SYSTEM_1))["soc"] is not None
    assert [r.code for r in sim.counters.requests("*")] == [code, 200]
    assert client.clock_skew.total_seconds() == pytest.approx(seconds, abs=2)
    await client.last_power(SYSTEM_1)
    assert [r.code for r in sim.counters.requests("*")] == [code, 200, 200]


async def test_a_write_follows_a_corrected_clock(
    client: AlphaEssClient, sim: AlphaEssSimulator, code: ClockCode
) -> None:
    """Its headers were refused, so nothing had happened; it takes effect once."""
    sim.faults.add("clock_skew", seconds=1000)
    await client.unbind(SYSTEM_1)
    assert [r.code for r in sim.counters.requests("unBindSn")] == [code, 200]
    assert sim.accounts[APP_ID].bound == {SYSTEM_2}


async def test_a_clock_that_was_set_right(
    client: AlphaEssClient, sim: AlphaEssSimulator, clock: FakeClock, code: ClockCode
) -> None:
    """The correction is dropped, and then there is none."""
    sim.faults.add("clock_skew", seconds=1000)
    await client.last_power(SYSTEM_1)
    assert client.clock_skew > timedelta(seconds=990)
    sim.faults.clear()
    sim.counters.reset()
    await client.last_power(SYSTEM_1)
    assert [r.code for r in sim.counters.requests("*")] == [code, 200]
    assert client.clock_skew == timedelta()
    await client.last_power(SYSTEM_1)
    assert sim.counters.requests("*")[-1].code == 200


async def test_a_clock_that_goes_on_jumping(
    client: AlphaEssClient, sim: AlphaEssSimulator, code: ClockCode
) -> None:
    """It is tried again once, not for ever."""
    sim.faults.add("clock_skew", seconds=-1000)
    sim.faults.add("clock_skew", count=1, seconds=1000)
    with pytest.raises(NotPermittedError) as caught:
        await client.last_power(SYSTEM_1)
    assert caught.value.reason == "clock_skew"
    assert caught.value.code == str(code)
    assert sim.counters.count() == 2


@pytest.mark.parametrize(
    ("answered", "reason"), [(6006, "clock_skew"), (6009, "ip_whitelist")]
)
async def test_without_a_date(
    client: AlphaEssClient,
    sim: AlphaEssSimulator,
    monkeypatch: pytest.MonkeyPatch,
    answered: ClockCode,
    reason: str,
) -> None:
    """A proxy took the header away: then it means what is documented."""

    async def no_date(_request: web.Request, response: web.StreamResponse) -> None:
        del response.headers["Date"]

    monkeypatch.setattr(sim, "_date", no_date)
    await sim.stop()
    await sim.start()
    sim.clock_error_code = answered
    sim.faults.add("clock_skew", seconds=1000)
    with pytest.raises(NotPermittedError) as caught:
        await client.last_power(SYSTEM_1)
    assert caught.value.reason == reason
    assert caught.value.code == str(answered)
    assert sim.counters.count() == 1
    assert client.clock_skew == timedelta()


async def test_the_whitelist(client: AlphaEssClient, sim: AlphaEssSimulator) -> None:
    """The clock is right, so the address is refused; asking again is no use."""
    sim.whitelisted = False
    with pytest.raises(NotPermittedError) as caught:
        await client.last_power(SYSTEM_1)
    assert caught.value.reason == "ip_whitelist"
    assert sim.counters.count() == 1


async def test_a_slightly_wrong_clock_and_the_whitelist(
    client: AlphaEssClient, sim: AlphaEssSimulator
) -> None:
    """Minutes that the server accepts are not what is wrong."""
    sim.whitelisted = False
    sim.faults.add("clock_skew", seconds=200)
    with pytest.raises(NotPermittedError) as caught:
        await client.last_power(SYSTEM_1)
    assert caught.value.reason == "ip_whitelist"
    assert sim.counters.count() == 1


async def test_6006_is_never_the_whitelist(
    client: AlphaEssClient, sim: AlphaEssSimulator
) -> None:
    """It is documented as the time, whatever the header says."""
    sim.faults.add("vendor_error", code=6006)
    with pytest.raises(NotPermittedError) as caught:
        await client.last_power(SYSTEM_1)
    assert caught.value.reason == "clock_skew"


async def test_at_the_edge_of_what_the_server_accepts(
    client: AlphaEssClient, sim: AlphaEssSimulator
) -> None:
    """A slow answer can show less than 300 s although it was more: it is the clock."""
    sim.faults.add("clock_skew", seconds=290)
    sim.faults.add("vendor_error", count=1, code=6009)
    await client.last_power(SYSTEM_1)
    assert [r.code for r in sim.counters.requests("*")] == [6009, 200]


async def test_whitelist_with_a_corrected_clock(
    client: AlphaEssClient, sim: AlphaEssSimulator
) -> None:
    """A wrong clock that is made up for is not blamed for the address."""
    sim.faults.add("clock_skew", seconds=1000)
    await client.last_power(SYSTEM_1)
    sim.whitelisted = False
    with pytest.raises(NotPermittedError) as caught:
        await client.last_power(SYSTEM_1)
    assert caught.value.reason == "ip_whitelist"
    assert client.clock_skew > timedelta(seconds=990)
