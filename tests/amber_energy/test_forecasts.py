"""Prices as automations and other integrations read them (amber.md 9.5)."""

import ast
from datetime import datetime, timedelta
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import homeassistant
import pytest

from custom_components.amber_energy import driver
from custom_components.amber_energy.driver import Channel, ChannelPrices, Interval
from custom_components.amber_energy.forecasts import (
    as_objects,
    charge,
    compact,
    known,
    rates,
    within,
)

from .api.samples import CURRENT_PRICES, at, record

NOW = at(2, 0)
SYDNEY = ZoneInfo("Australia/Sydney")
ADELAIDE = ZoneInfo("Australia/Adelaide")
DEMAND = {"demandWindow": True}


@pytest.fixture(autouse=True)
def amber() -> None:
    """Home Assistant is not needed here."""


def of(records: list[dict[str, Any]], channel: str = "general") -> ChannelPrices:
    return driver.prices(records, NOW).channels[Channel(channel)]


def core_forecasts(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what Home Assistant's own integration makes of the records.

    Its client may not be installed, so only the function that does it is taken.
    """
    source = (
        Path(homeassistant.__file__).parent / "components/amberelectric/services.py"
    )
    [function] = [
        node
        for node in ast.parse(source.read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name == "get_forecasts"
    ]
    names: dict[str, Any] = {
        "ChannelType": SimpleNamespace(FEEDIN="feedIn"),
        "format_cents_to_dollars": lambda cents: cents / 100,
        "normalize_descriptor": {
            "veryLow": "very_low",
            "spike": "spike",
            "low": "low",
        }.get,
    }
    exec(compile(ast.Module([function], []), str(source), "exec"), names)  # noqa: S102
    intervals = [
        SimpleNamespace(
            duration=item["duration"],
            var_date=datetime.fromisoformat(item["date"]).date(),
            nem_time=datetime.fromisoformat(item["nemTime"]),
            per_kwh=item["perKwh"],
            spot_per_kwh=item["spotPerKwh"],
            channel_type=item["channelType"],
            start_time=datetime.fromisoformat(item["startTime"]),
            end_time=datetime.fromisoformat(item["endTime"]),
            renewables=item["renewables"],
            spike_status=SimpleNamespace(value=item["spikeStatus"]),
            descriptor=item["descriptor"],
            range=SimpleNamespace(**item["range"]) if "range" in item else None,
            advanced_price=SimpleNamespace(**item["advancedPrice"])
            if "advancedPrice" in item
            else None,
        )
        for item in records
    ]
    result: list[dict[str, Any]] = names["get_forecasts"](
        "x", {"forecasts": {"x": intervals}}
    )
    return result


@pytest.mark.parametrize("channel", ["general", "feedIn"])
def test_the_objects_are_those_of_home_assistants_own_integration(channel: str) -> None:
    wires = [
        {**item, "channelType": channel, "type": "ForecastInterval"}
        for item in CURRENT_PRICES[:4]
    ]
    [prices] = driver.prices(wires, NOW).channels.values()
    ours, theirs = as_objects(prices.forecasts), core_forecasts(wires)
    assert len(ours) == len(theirs) == 4
    for mine, core in zip(ours, theirs, strict=True):
        assert set(mine) - set(core) == {"demand_window"}
        assert core.pop("start_time") == mine.pop("start_time").replace(":00+", ":01+")
        for key, value in core.items():
            assert mine[key] == (
                pytest.approx(value, abs=1e-6) if isinstance(value, float) else value
            ), key


def test_one_object_in_full() -> None:
    [_, far] = as_objects(of(CURRENT_PRICES).forecasts)
    assert far == {
        "duration": 30,
        "date": "2026-10-05",
        "nem_date": "2026-10-05T18:30:00+10:00",
        "per_kwh": 2.125531,
        "spot_per_kwh": 1.802204,
        "start_time": "2026-10-05T08:00:00+00:00",
        "end_time": "2026-10-05T08:30:00+00:00",
        "renewables": 22,
        "spike_status": "potential",
        "descriptor": "spike",
        "range_min": 0.613391,
        "range_max": 4.029,
        "advanced_price_low": 0.497123,
        "advanced_price_predicted": 0.683011,
        "advanced_price_high": 1.319022,
        "demand_window": True,
    }
    assert type(far["descriptor"]) is str
    assert json.loads(json.dumps(far)) == far


def test_what_is_not_known() -> None:
    """The keys of the original stay, ours are left out."""
    odd = {
        "renewables": None,
        "spotPerKwh": None,
        "descriptor": "?",
        "spikeStatus": None,
    }
    [item] = as_objects(of([record(NOW, **odd, price=None)]).forecasts)
    assert {key for key, value in item.items() if value is None} == {
        "per_kwh",
        "renewables",
        "spot_per_kwh",
        "descriptor",
        "spike_status",
    }
    assert len(item) == 10


def test_the_running_interval_says_whether_it_is_an_estimate() -> None:
    [running, *_] = as_objects(known(of(CURRENT_PRICES)))
    assert running["estimate"] is False
    assert running["start_time"] == "2026-10-05T02:00:00+00:00"


def test_prices_by_mode() -> None:
    near = as_objects(of(CURRENT_PRICES).forecasts, mode="advanced")[0]
    assert (near["per_kwh"], near["price_source"]) == (0.260501, "advanced")
    plain = as_objects(of([record(NOW)]).forecasts, mode="advanced")[0]
    assert (plain["per_kwh"], plain["price_source"]) == (0.2, "market")
    assert "price_source" not in as_objects(of([record(NOW)]).forecasts)[0]


def charged(channel: str, tariff: Any, **more: Any) -> float | None:
    wire = record(NOW, channel=channel, tariffInformation=tariff, **more)
    [prices] = driver.prices([wire], NOW).channels.values()
    return charge(prices.forecasts[0], "advanced", 0.5)


def test_the_surcharge_is_for_demand_windows_of_the_general_channel() -> None:
    assert charged("general", DEMAND) == 0.7
    assert charged("general", DEMAND, advancedPrice={"predicted": 30}) == 0.8
    assert charged("general", {"demandWindow": False}) == 0.2
    assert charged("general", None) == 0.2
    assert charged("general", DEMAND, price=None) is None
    assert charged("controlledLoad", DEMAND) == 0.2
    assert charged("feedIn", DEMAND) == -0.2


def test_the_surcharge_is_not_for_what_was() -> None:
    wire = record(NOW, kind="ActualInterval", tariffInformation=DEMAND)
    [prices] = driver.prices([wire], NOW).channels.values()
    assert charge(prices.past[0], "market", 0.5) == 0.2


def test_the_surcharge_is_in_every_shape() -> None:
    prices = of([record(NOW, tariffInformation=DEMAND)])
    [item] = as_objects(prices.forecasts, surcharge=0.5)
    assert item["per_kwh"] == 0.7
    assert item["spot_per_kwh"] == 0.1
    assert compact(prices, NOW, SYDNEY, surcharge=0.5)[0]["value"] == 0.7
    assert rates(prices, NOW, SYDNEY, surcharge=0.5).today[0]["value"] == 0.7


def half_hours(count: int, start: datetime = NOW) -> tuple[Interval, ...]:
    wires = [
        record(start + timedelta(minutes=30 * n), 30, price=n) for n in range(count)
    ]
    return of(wires).forecasts


@pytest.mark.parametrize(
    ("now", "hours", "first", "count"),
    [
        (at(2, 0), 1, at(2, 0), 2),
        (at(2, 29), 1, at(2, 0), 3),
        (at(2, 30), 1, at(2, 30), 2),
        (at(1, 0), 48, at(2, 0), 94),
        (at(2, 0), 0.1, at(2, 0), 1),
    ],
)
def test_the_next_hours(
    now: datetime, hours: float, first: datetime, count: int
) -> None:
    found = within(half_hours(100), now, hours)
    assert found[0].start == first
    assert len(found) == count


def test_the_compact_list_begins_now_in_local_time() -> None:
    assert compact(of(CURRENT_PRICES), at(2, 4), SYDNEY) == [
        {"time": "2026-10-05T13:00:00+11:00", "value": 0.273184},
        {"time": "2026-10-05T13:05:00+11:00", "value": 0.279},
        {"time": "2026-10-05T19:00:00+11:00", "value": 2.125531},
    ]
    values = [
        item["value"]
        for item in compact(of(CURRENT_PRICES), NOW, SYDNEY, mode="advanced")
    ]
    assert values == [0.273184, 0.260501, 0.683011]


def test_the_compact_list_leaves_out_what_is_over_far_or_unknown() -> None:
    prices = of([*CURRENT_PRICES, record(at(2, 10), price=None)])
    times = [item["time"] for item in compact(prices, at(2, 5), SYDNEY, hours=1)]
    assert times == ["2026-10-05T13:05:00+11:00"]


def test_the_rates_of_the_local_days() -> None:
    """13:00 UTC is midnight in Sydney with daylight saving, 13:30 in Adelaide."""
    wires = [
        record(at(hour, minute, day=day), 30, price=hour + minute / 100)
        for day in (4, 5, 6)
        for hour in range(24)
        for minute in (0, 30)
    ]
    for item in wires:
        if item["startTime"] < "2026-10-05T02:00":
            item["type"] = "ActualInterval"
    wires[52] |= {"type": "CurrentInterval"}
    for zone, midnight in ((SYDNEY, at(13, 0)), (ADELAIDE, at(13, 30))):
        found = rates(of(wires), at(2, 10), zone)
        assert len(found.today) == len(found.tomorrow) == 48
        for rows, day in (
            (found.today, midnight - timedelta(days=1)),
            (found.tomorrow, midnight),
        ):
            assert datetime.fromisoformat(rows[0]["start"]) == day
            assert datetime.fromisoformat(rows[-1]["end"]) == day + timedelta(days=1)
            assert {row["end"] for row in rows[:-1]} == {
                row["start"] for row in rows[1:]
            }
            assert rows[0]["start"].endswith(("T00:00:00+11:00", "T00:00:00+10:30"))
        running = datetime.fromisoformat(found.today[30]["start"])
        assert running.tzinfo is not None
    assert set(rates(of(wires), at(2, 10), SYDNEY).today[0]) == {
        "start",
        "end",
        "value",
    }


def test_no_rates_of_days_without_prices() -> None:
    for prices in (ChannelPrices(), of([record(NOW, price=None)])):
        found = rates(prices, NOW, SYDNEY)
        assert (found.today, found.tomorrow) == ([], [])
