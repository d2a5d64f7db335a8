"""Growatt: records, their times and counters, and the past (growatt.md 3, 5.1, 7, 10)."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from simulator.clock import ManualClock
from simulator.growatt import Alarm, GrowattSimulator

from .growatt_client import HOME, MIN, NEO, SPH, STRING, Token

TOTALS = ("epvTotal", "etoUserTotal", "etoGridTotal", "echargeTotal", "edischargeTotal")
HISTORY = "device/tlx/tlx_data"


@pytest.fixture(autouse=True)
def unlimited(growatt: GrowattSimulator) -> None:
    growatt.limits.enforced = False


async def record(token: Token, sn: str = MIN) -> Any:
    device = token.sim.devices[sn]
    answer = await token.v4("queryLastData", device)
    return answer["data"][str(device.family)][0]


async def history(token: Token, start: str, end: str, **more: Any) -> Any:
    query = {"tlx_sn": MIN, "start_date": start, "end_date": end, "perpage": 100}
    return await token.post(HISTORY, **query | more)


async def test_a_new_record_comes_every_five_minutes(token: Token) -> None:
    times = set()
    for _ in range(60):
        times.add((await record(token))["calendar"])
        token.clock.advance(30)
    gaps = {round((b - a) / 1000) for a, b in pairwise(sorted(times)[1:])}
    assert gaps == {300}


@pytest.mark.parametrize("kinds", [("NOAH",)])
async def test_a_noah_sends_one_every_minute(token: Token) -> None:
    times = set()
    for _ in range(40):
        times.add((await record(token, token.device.sn))["time"])
        token.clock.advance(15)
    gaps = {round((b - a) / 1000) for a, b in pairwise(sorted(times)[1:])}
    assert gaps == {60}


async def test_a_record_shows_the_house_as_it_was_when_it_was_sent(
    token: Token,
) -> None:
    token.clock.advance(300)
    assert (await record(token))["pacToLocalLoad"] == 500
    token.device.house.override(load_w=900)
    assert (await record(token))["pacToLocalLoad"] == 500
    token.clock.advance(300)
    assert (await record(token))["pacToLocalLoad"] == 900


async def test_the_text_of_a_record_is_in_the_servers_zone(
    token: Token, growatt: GrowattSimulator
) -> None:
    shown = await record(token)
    at = datetime.fromtimestamp(shown["calendar"] / 1000, UTC)
    assert timedelta() <= token.clock() - at <= timedelta(minutes=5)
    assert shown["time"] == f"{at + timedelta(hours=8):%Y-%m-%d %H:%M:%S}"
    growatt.cloud.zone_hours = -5
    shown = await record(token)
    assert shown["time"] == f"{at - timedelta(hours=5):%Y-%m-%d %H:%M:%S}"


async def test_an_offline_device_sends_nothing(token: Token) -> None:
    before = (await record(token))["calendar"]
    token.device.switches.online = False
    token.clock.advance(3600)
    assert (await record(token))["calendar"] == before
    answer = await token.get("device/list", plant_id=HOME)
    assert answer["data"]["devices"][0]["lost"] is True


@pytest.mark.parametrize("kinds", [("NEO",)])
async def test_a_micro_inverter_sleeps_without_sun(token: Token) -> None:
    before = (await record(token, NEO))["calendar"]
    token.clock.advance(3600)
    assert (await record(token, NEO))["calendar"] == before
    token.device.house.override(pv_w=200)
    token.clock.advance(300)
    assert (await record(token, NEO))["calendar"] > before


async def test_an_empty_record_has_nothing_but_zeros(token: Token) -> None:
    token.device.switches.zero_record = True
    shown = await record(token)
    assert (shown["time"], shown["serialNum"], shown["statusText"]) == (
        "",
        None,
        "Standby",
    )
    assert [shown[key] for key in TOTALS] == [0] * 5


async def test_numbers_have_the_noise_of_32_bits(token: Token) -> None:
    token.device.house.override(pv_w=1234.5)
    token.clock.advance(300)
    noisy = (await record(token))["etoUserTotal"]
    token.device.switches.noise = False
    exact = (await record(token))["etoUserTotal"]
    assert exact == round(exact, 1)
    assert 0 < abs(noisy - exact) < 0.001


async def test_without_a_meter_the_grid_is_always_zero(token: Token) -> None:
    token.device.switches.has_meter = False
    token.clock.advance(300)
    shown = await record(token)
    names = ("etoUserTotal", "etoGridTotal", "elocalLoadTotal", "pacToUserTotal")
    assert [shown[name] for name in names] == [0] * 4
    assert shown["epvTotal"] > 0


@pytest.mark.parametrize("kinds", [("SPA",)])
async def test_a_string_inverter_beside_a_spa_has_no_part_in_the_battery(
    token: Token, growatt: GrowattSimulator
) -> None:
    token.device.house.override(pv_w=1000)
    token.clock.advance(300)
    shown = await record(token, STRING)
    assert shown["pac"] == 1000
    assert growatt.devices[STRING].now().live.battery_w == 0
    assert token.device.now().live.battery_w == -500


async def test_counters_bounce_after_midnight_if_they_are_told_to(
    token: Token, growatt: GrowattSimulator
) -> None:
    device = token.device
    device.switches.midnight_bounce = True
    device.house.override(soc=10)
    token.clock.set(datetime(2026, 5, 3, 22, 0, tzinfo=UTC))
    yesterday = round(
        device.house.energy_on(device.house.today() - timedelta(1)).import_wh / 1000, 1
    )
    seen = []
    for _ in range(4):
        token.clock.advance(299)
        shown = await record(token)
        seen.append((round(shown["etoUserToday"], 1), shown["etoUserTotal"] > 0))
    assert seen[0] == (0, False)
    assert seen[1] == (yesterday, True)
    assert seen[2] == (0, False)
    assert seen[3][1]
    assert seen[3][0] < yesterday


# The past


async def test_history_is_of_the_days_that_were_asked_for(token: Token) -> None:
    answer = await history(token, "2026-05-01", "2026-05-02")
    data = answer["data"]
    assert (data["count"], len(data["datas"])) == (576, 100)
    assert data["datas"][0]["time"] == "2026-05-03 06:00:00"
    answer = await history(token, "2026-05-01", "2026-05-02", page=6)
    assert len(answer["data"]["datas"]) == 76


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [("2026-04-20", "2026-04-27", 10004), ("2026-05-02", "2026-05-01", 10003)],
)
async def test_history_is_seven_days_at_most(
    token: Token, start: str, end: str, code: int
) -> None:
    assert (await history(token, start, end))["error_code"] == code


async def test_counters_only_rise_from_the_past_into_the_present(token: Token) -> None:
    token.clock.advance(86400)
    rows = []
    for day in ("2026-05-01", "2026-05-02", "2026-05-03", "2026-05-04"):
        answer = await token.v4("queryHistoricalData", date=day)
        rows += reversed(answer["data"]["datas"])
    token.clock.advance(300)
    rows.append(await record(token))
    assert len(rows) > 3 * 288
    for key in TOTALS:
        values = [row[key] for row in rows]
        assert all(a <= b for a, b in pairwise(values)), key
        assert values[0] > 0
    times = [row["calendar"] for row in rows]
    assert times == sorted(times)


async def test_a_day_counts_what_the_house_counted(token: Token) -> None:
    day = token.device.house.today() - timedelta(days=2)
    energy = token.device.house.energy_on(day)
    answer = await token.v4("queryHistoricalData", date=day.isoformat())
    last = answer["data"]["datas"][0]
    assert last["etoUserToday"] == pytest.approx(energy.import_wh / 1000, abs=0.1)
    assert last["etoGridToday"] == pytest.approx(energy.export_wh / 1000, abs=0.1)


async def test_the_past_is_95_days_deep(token: Token, clock: ManualClock) -> None:
    first = clock().date() - timedelta(days=95)
    assert len(token.device.house.records(first)) == 288
    before = first - timedelta(days=1)
    answer = await token.v4("queryHistoricalData", date=before.isoformat())
    assert answer["data"]["datas"] == []


async def test_v4_gives_a_day_in_pieces_if_it_is_told_to(
    token: Token, growatt: GrowattSimulator
) -> None:
    growatt.v4_history_page = 200
    first = (await token.v4("queryHistoricalData", date="2026-05-02"))["data"]
    assert (len(first["datas"]), first["haveNext"]) == (200, True)
    rest = await token.v4(
        "queryHistoricalData", date="2026-05-02", start=first["start"]
    )
    assert (len(rest["data"]["datas"]), rest["data"]["haveNext"]) == (88, False)


async def test_history_can_be_in_the_plants_zone_and_the_other_way_round(
    token: Token, growatt: GrowattSimulator
) -> None:
    growatt.history_zone = "plant"
    growatt.series_order = "oldest_first"
    answer = await history(token, "2026-05-02", "2026-05-02")
    assert answer["data"]["datas"][0]["time"] == "2026-05-02 00:05:00"


async def test_alarms_are_of_one_local_day(token: Token) -> None:
    start = datetime(2026, 5, 2, 22, 30, tzinfo=UTC)
    token.device.alarms.append(
        Alarm(25, "No utility.", start, start + timedelta(minutes=6))
    )
    for day, count in (("2026-05-02", 0), ("2026-05-03", 1)):
        answer = await token.post("device/tlx/alarm_data", tlx_sn=MIN, date=day)
        assert answer["data"]["count"] == count
    assert answer["data"]["alarms"][0]["start_time"] == "2026-05-03 00:30:00.0"


async def test_the_plants_power_is_zero_in_the_evening_if_it_is_told_to(
    token: Token, growatt: GrowattSimulator
) -> None:
    growatt.houses[str(HOME)].override(pv_w=1500)
    growatt.evening_zero = True
    assert (await token.get("plant/data", plant_id=HOME))["data"][
        "current_power"
    ] == 1.5
    token.clock.advance(3 * 3600)
    assert (await token.get("plant/data", plant_id=HOME))["data"]["current_power"] == 0


@pytest.mark.parametrize("kinds", [("SPH",)])
async def test_odd_spellings_are_switches(token: Token) -> None:
    switches = token.device.switches
    answer = await token.post("device/mix/mix_last_data", mix_sn=SPH)
    assert "edischarge1Today" in answer["data"]
    switches.upper_case_discharge = True
    answer = await token.post("device/mix/mix_last_data", mix_sn=SPH)
    assert "edischarge1Today" not in answer["data"]
    assert "edischargeToday" in answer["data"]


async def test_garbage_times_are_a_switch(token: Token) -> None:
    token.device.switches.garbage_times = True
    answer = await token.get("device/tlx/tlx_set_info", device_sn=MIN)
    assert answer["data"]["forcedTimeStart9"] == "11:187"
    answer = await token.get("device/tlx/tlx_data_info", device_sn=MIN)
    assert answer["data"]["tlxSetbean"]["forcedTimeStart9"] == "11:187"
