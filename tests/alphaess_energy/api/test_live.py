"""Where live values come from (alphaess.md 3.2, 3.3 and section 8)."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
import pytest

from custom_components.alphaess_energy._vendor.core.client.budget import Budget
from custom_components.alphaess_energy._vendor.core.client.errors import (
    ApiError,
    BadDataError,
    MaintenanceError,
    UnsupportedError,
)
from custom_components.alphaess_energy._vendor.core.client.redact import Redactor
from custom_components.alphaess_energy._vendor.core.ha.account import Account
from custom_components.alphaess_energy._vendor.core.model import Power
from custom_components.alphaess_energy.api.client import AlphaEssClient
from custom_components.alphaess_energy.live import LiveSource
from simulator.alphaess import AlphaEssSimulator
from tests.core.fake_clock import START, FakeClock

from . import samples
from .conftest import SYSTEM_1, SYSTEM_2

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=150)
BERLIN = ZoneInfo("Europe/Berlin")
LIVE, CURVE = "getLastPowerData", "getOneDayPowerBySn"


@pytest.fixture
def account(clock: FakeClock) -> Account:
    """What is remembered over restarts."""
    return Account(budget=Budget(clock=clock), redactor=Redactor())


@pytest.fixture
def source(account: Account, client: AlphaEssClient, clock: FakeClock) -> LiveSource:
    """The source of one system."""
    return LiveSource(SYSTEM_1, account, client, clock, BERLIN)


async def poll(source: LiveSource, clock: FakeClock) -> Power:
    raw = await source.fetch()
    return source.decode(raw, clock.now())


async def demote(source: LiveSource, clock: FakeClock) -> Power:
    """Poll until the curve takes over."""
    for _ in range(2):
        with pytest.raises(BadDataError) as caught:
            await poll(source, clock)
        assert caught.value.reason == "no_live_data"
        await clock.sleep(59)
    return await poll(source, clock)


async def test_live(
    source: LiveSource, sim: AlphaEssSimulator, clock: FakeClock
) -> None:
    """The vendor's live values, true when they came."""
    power = await poll(source, clock)
    truth = sim.houses[SYSTEM_1].live()
    assert power.observed_at == clock.now()
    assert power.soc == pytest.approx(truth.soc, abs=0.1)
    assert power.grid == pytest.approx(truth.grid_w, abs=1)
    assert not source.from_records
    assert sim.counters.by_endpoint() == {LIVE: 1}


async def test_a_model_without_live_values(
    source: LiveSource, sim: AlphaEssSimulator, clock: FakeClock
) -> None:
    """After the third empty answer the newest record of the curve stands in."""
    sim.systems[SYSTEM_1].live = "null"
    sim.systems[SYSTEM_1].load_spikes = False
    power = await demote(source, clock)
    assert source.from_records
    assert clock.now() - power.observed_at < timedelta(minutes=8)
    record = sim.houses[SYSTEM_1].records(START.astimezone(BERLIN).date())[-1]
    assert power.solar == pytest.approx(record.pv_w, abs=0.1)
    assert power.grid == pytest.approx(record.import_w - record.export_w, abs=0.2)
    assert power.soc == pytest.approx(record.soc, abs=0.1)


async def test_the_curve_is_asked_for_every_five_minutes(
    source: LiveSource, sim: AlphaEssSimulator, clock: FakeClock
) -> None:
    """It is large; the live question is repeated each half an hour."""
    sim.systems[SYSTEM_1].live = "null"
    await demote(source, clock)
    sim.counters.reset()
    for _ in range(60):
        await clock.sleep(60)
        power = await poll(source, clock)
        assert clock.now() - power.observed_at < timedelta(minutes=13)
    assert sim.counters.by_endpoint() == {LIVE: 2, CURVE: 12}


async def test_back_to_live_values(
    source: LiveSource, sim: AlphaEssSimulator, clock: FakeClock, account: Account
) -> None:
    """When the vendor answers the live question after all."""
    sim.systems[SYSTEM_1].live = "null"
    await demote(source, clock)
    sim.systems[SYSTEM_1].live = "full"
    await clock.sleep(31 * 60)
    power = await poll(source, clock)
    assert power.observed_at == clock.now()
    assert not source.from_records
    assert account.notes == {}


async def test_a_restart_remembers(
    source: LiveSource,
    sim: AlphaEssSimulator,
    clock: FakeClock,
    account: Account,
    client: AlphaEssClient,
) -> None:
    """The curve is used at once, after one look whether that is still needed."""
    sim.systems[SYSTEM_1].live = "null"
    await demote(source, clock)
    sim.counters.reset()
    again = LiveSource(SYSTEM_1, account, client, clock, BERLIN)
    assert again.from_records
    power = await poll(again, clock)
    assert power.solar is not None
    assert sim.counters.by_endpoint() == {LIVE: 1, CURVE: 1}


async def test_single_empty_answers(
    source: LiveSource, sim: AlphaEssSimulator, clock: FakeClock
) -> None:
    """Two in a row are a failed poll each; values in between begin the count anew."""
    system = sim.systems[SYSTEM_1]
    for _ in range(2):
        system.live = "null"
        for _ in range(2):
            with pytest.raises(BadDataError):
                await poll(source, clock)
        system.live = "full"
        await poll(source, clock)
    assert not source.from_records
    assert sim.counters.count(CURVE) == 0


async def test_an_offline_system_is_not_one_without_live_values(
    source: LiveSource, sim: AlphaEssSimulator, clock: FakeClock
) -> None:
    """6042 says so."""
    sim.systems[SYSTEM_1].online = False
    for _ in range(5):
        with pytest.raises(MaintenanceError):
            await poll(source, clock)
    assert not source.from_records


@pytest.mark.parametrize("code", [6017, 6001, 10001])
async def test_a_model_that_refuses_the_live_question(
    source: LiveSource, sim: AlphaEssSimulator, clock: FakeClock, code: int
) -> None:
    """Three failures of the question itself are as good as three empty answers."""
    sim.faults.add("vendor_error", LIVE, code=code)
    for _ in range(2):
        with pytest.raises((UnsupportedError, BadDataError)):
            await poll(source, clock)
        assert not source.from_records
        await clock.sleep(60)
    power = await poll(source, clock)
    assert source.from_records
    assert power.soc is not None
    sim.faults.clear()
    await clock.sleep(31 * 60)
    assert (await poll(source, clock)).observed_at == clock.now()
    assert not source.from_records


async def test_empty_answers_and_refusals_count_together(
    source: LiveSource, sim: AlphaEssSimulator, clock: FakeClock
) -> None:
    """Three in a row of either kind; an outage in between is neither."""
    for kind, options in (
        ("vendor_error", {"code": 6017}),
        ("vendor_error", {"code": 6026}),
        ("mutate", {"field": "data", "value": None}),
    ):
        sim.faults.clear()
        sim.faults.add(kind, LIVE, **options)
        with pytest.raises(ApiError):
            await poll(source, clock)
    sim.faults.clear()
    sim.faults.add("vendor_error", LIVE, code=6017)
    await poll(source, clock)
    assert source.from_records


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("vendor_error", {"code": 6026}),
        ("vendor_error", {"code": 6053}),
        ("vendor_error", {"code": 6005}),
        ("vendor_error", {"code": 7777}),
        ("status", {"status": 502}),
        ("reset", {}),
    ],
)
async def test_an_outage_says_nothing_of_the_model(
    source: LiveSource,
    sim: AlphaEssSimulator,
    clock: FakeClock,
    kind: Any,
    options: dict[str, Any],
) -> None:
    """Only what comes back when the vendor works can be missing for good."""
    sim.faults.add(kind, LIVE, **options)
    for _ in range(5):
        with pytest.raises(ApiError):
            await poll(source, clock)
    assert not source.from_records
    assert sim.counters.count(CURVE) == 0


async def test_the_curve_of_another_system(
    source: LiveSource, sim: AlphaEssSimulator, clock: FakeClock
) -> None:
    """It is refused, whichever of its records says so."""
    sim.systems[SYSTEM_1].live = "null"
    sim.faults.add("mutate", CURVE, field="data.7.sysSn", value=SYSTEM_2)
    with pytest.raises(BadDataError):
        await demote(source, clock)


async def test_live_values_of_another_system(
    source: LiveSource, sim: AlphaEssSimulator, clock: FakeClock
) -> None:
    """They name none as a rule; if they do, it must be the one."""
    sim.faults.add("mutate", LIVE, field="data.sysSn", value=SYSTEM_2)
    with pytest.raises(BadDataError):
        await poll(source, clock)


@pytest.mark.parametrize("order", ["newest_first", "oldest_first", "shuffled"])
async def test_the_newest_record(
    source: LiveSource, sim: AlphaEssSimulator, clock: FakeClock, order: Any
) -> None:
    """In whatever order they come; a record without a time is none."""
    sim.systems[SYSTEM_1].live = "null"
    sim.systems[SYSTEM_1].series_order = order
    sim.faults.add("mutate", CURVE, field="data.100.uploadTime", value=None)
    power = await demote(source, clock)
    assert clock.now() - power.observed_at < timedelta(minutes=8)


async def test_a_curve_without_records(
    source: LiveSource, sim: AlphaEssSimulator, clock: FakeClock
) -> None:
    """Then nothing is known."""
    sim.systems[SYSTEM_1].live = "null"
    sim.faults.add("replace", CURVE, body='{"code":200,"data":[]}')
    with pytest.raises(BadDataError) as caught:
        await demote(source, clock)
    assert caught.value.reason == "no_recent_data"


@PROPERTY
@given(samples.documents)
def test_anything_that_was_stored(document: Any) -> None:
    """A damaged file gives a reading or BadDataError."""
    clock = FakeClock()
    account = Account(budget=Budget(clock=clock), redactor=Redactor())
    client: Any = None
    source = LiveSource(SYSTEM_1, account, client, clock, BERLIN)
    for raw in (document, {"records": document}, {"live": document}):
        try:
            power = source.decode(raw, clock.now())
        except BadDataError:
            continue
        assert isinstance(power, Power)
