"""The five-minute series of a day and its quirks (alphaess.md 3.3)."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from simulator.clock import ManualClock

from .alphaess_client import HOME_1, Client

YESTERDAY = "2026-05-02"
TODAY = "2026-05-03"


def stamp(record: dict[str, Any]) -> datetime:
    return datetime.strptime(record["uploadTime"], "%Y-%m-%d %H:%M:%S")


async def test_series_of_a_past_day(api: Client) -> None:
    data = (await api.get("getOneDayPowerBySn", sysSn=HOME_1, queryDate=YESTERDAY)).data
    times = [stamp(record) for record in data]
    assert times == sorted(times, reverse=True)
    days = Counter(time.date().isoformat() for time in times)
    assert (days["2026-05-01"], days["2026-05-03"]) == (1, 1)
    assert max(Counter(times).values()) == 2
    unique = {stamp(record): record for record in data}
    in_day = sorted(t for t in unique if t.date().isoformat() == YESTERDAY)
    assert len(in_day) == 288
    assert all(time.second for time in in_day)

    house = api.sim.houses[HOME_1]
    for time, truth in zip(in_day, house.records(date(2026, 5, 2)), strict=True):
        record = unique[time]
        start = truth.start.astimezone(house.spec.zone).replace(tzinfo=None)
        assert timedelta() < time - start < timedelta(minutes=5)
        assert record["ppv"] == pytest.approx(truth.pv_w, abs=0.1)
        assert record["feedIn"] == pytest.approx(truth.export_w, abs=0.1)
        assert record["gridCharge"] == pytest.approx(truth.import_w, abs=0.1)
        assert record["cbat"] == pytest.approx(truth.soc, abs=0.1)
        assert record["pchargingPile"] == pytest.approx(truth.ev_w, abs=1)


async def test_series_of_today_ends_now(api: Client, clock: ManualClock) -> None:
    async def newest() -> datetime:
        answer = await api.get("getOneDayPowerBySn", sysSn=HOME_1, queryDate=TODAY)
        return stamp(answer.data[0])

    # 13:10:30 local
    assert await newest() == datetime(2026, 5, 3, 13, 7, 34)
    clock.advance(4 * 60 + 20)
    assert await newest() == datetime(2026, 5, 3, 13, 7, 34)
    clock.advance(10)
    assert await newest() == datetime(2026, 5, 3, 13, 12, 34)


async def test_order_and_noise_of_a_series(api: Client) -> None:
    system = api.sim.systems[HOME_1]
    system.series_noise = False
    query = {"sysSn": HOME_1, "queryDate": YESTERDAY}
    system.series_order = "oldest_first"
    oldest = (await api.get("getOneDayPowerBySn", **query)).data
    assert [stamp(r) for r in oldest] == sorted(stamp(r) for r in oldest)
    assert len(oldest) == 288
    system.series_order = "shuffled"
    shuffled = (await api.get("getOneDayPowerBySn", **query)).data
    assert shuffled != oldest
    assert sorted(shuffled, key=stamp) == oldest


async def test_quirks_of_a_series(api: Client) -> None:
    system = api.sim.systems[HOME_1]
    system.series_noise = False
    query = {"sysSn": HOME_1, "queryDate": YESTERDAY}
    spiky = (await api.get("getOneDayPowerBySn", **query)).data
    assert any(record["ppv"] > 0 for record in spiky)
    system.load_spikes = False
    system.five_minute_pv_zero = True
    calm = (await api.get("getOneDayPowerBySn", **query)).data
    assert {record["ppv"] for record in calm} == {0.0}
    spikes = [
        wild["load"] / tame["load"]
        for wild, tame in zip(spiky, calm, strict=True)
        if wild["load"] != tame["load"]
    ]
    assert 0 < len(spikes) < 10
    assert min(spikes) > 50
    # The energy of that day is right all the same
    energy = (await api.get("getOneDateEnergyBySn", **query)).data
    assert energy["epv"] > 0
    # An independent meter: a few percent below
    truth = system.house.energy_on(date(2026, 5, 2))
    assert truth is not None
    metered = sum(record["load"] for record in calm) / 12
    assert 0.94 < metered / truth.load_wh < 0.99


@pytest.mark.parametrize("day", ["2025-01-01", "2026-05-04"])
async def test_series_of_unknown_days(api: Client, day: str) -> None:
    answer = await api.get("getOneDayPowerBySn", sysSn=HOME_1, queryDate=day)
    assert answer.data == []


@pytest.mark.parametrize("day", ["03.05.2026", "20260503", "2026-02-30", "today"])
@pytest.mark.parametrize("endpoint", ["getOneDayPowerBySn", "getOneDateEnergyBySn"])
async def test_dates_that_are_none(api: Client, endpoint: str, day: str) -> None:
    answer = await api.get(endpoint, sysSn=HOME_1, queryDate=day)
    assert (answer.code, answer.body["expMsg"]) == (6001, "queryDate")


@pytest.mark.parametrize(("day", "records"), [("2026-03-29", 276), ("2026-10-25", 300)])
async def test_series_when_the_clocks_change(
    api: Client, clock: ManualClock, day: str, records: int
) -> None:
    clock.set(datetime.fromisoformat(f"{day}T22:59:59+00:00") + timedelta(days=1))
    api.sim.systems[HOME_1].series_noise = False
    sim_day = date.fromisoformat(day)
    house = api.sim.houses[HOME_1]
    if sim_day < house.installed:
        pytest.fail("the day is before the installation")
    data = (await api.get("getOneDayPowerBySn", sysSn=HOME_1, queryDate=day)).data
    assert len(data) == records
    nights = Counter(stamp(record).hour for record in data)
    assert nights[2] == {276: 0, 300: 24}[records]
