"""The side door `/_sim/amber`, and the program."""

import asyncio
from datetime import date, timedelta
import re
import sys
from typing import Any

import aiohttp
import pytest

from simulator.amber import TOKEN, AmberSimulator, Site, default_sites
from simulator.clock import ManualClock

from .amber_client import SITE, AmberClient, only, running
from .amber_shapes import SITE as SITE_SHAPE, problems


async def test_switches_are_read_and_set(
    cloud: AmberClient, amber: AmberSimulator, site: Site
) -> None:
    wishes: dict[str, Any] = {"limits.storm_rate": 0.5, "blanks": "null"}
    answer = await cloud.control(**wishes, retention_days=30)
    assert answer.body["limits.storm_rate"] == amber.limits.storm_rate == 0.5
    assert (amber.blanks, amber.retention_days) == ("null", 30)
    answer = await cloud.control(
        system=SITE,
        outage="actuals",
        interval_length=None,
        withheld=["2026-10-01"],
        hidden_channels=["feedIn"],
    )
    assert site.outage == "actuals"
    assert site.interval_length is None
    assert site.withheld == {date(2026, 10, 1)}
    assert site.hidden_channels == {"feedIn"}
    shown = answer.body["systems"][SITE]
    assert shown["withheld"] == ["2026-10-01"]
    assert shown["hidden_channels"] == ["feedIn"]
    assert answer.body["accounts"]["customer"] == {"tokens": [TOKEN], "sites": None}


@pytest.mark.parametrize(
    ("path", "wishes"),
    [
        ("", {"unknown": 1}),
        ("", {"outage": "actuals"}),
        ("", {"limits.storm_rate": -1}),
        ("", {"system": "x", "outage": "none"}),
        ("", {"system": SITE, "state": "tas"}),
        ("", {"system": SITE, "withheld": ["soon"]}),
        ("/price", {"start": "x", "end": "x", "spot": 1}),
        ("/price", {"start": "2026-10-05T02:00:00", "end": "x", "spot": 1}),
        ("/price", {"start": "2026-10-05T02:00Z", "end": "2026-10-05T03:00Z"}),
        (
            "/price",
            {
                "start": "2026-10-05T02:00Z",
                "end": "2026-10-05T03:00Z",
                "spot": 1,
                "regions": ["tas"],
            },
        ),
        ("/confirm", {"at": "2026-10-05T02:00Z", "seconds": "x"}),
        ("/channel", {"system": SITE, "identifier": "B2", "type": "other"}),
        ("/correct", {"system": SITE, "day": "x", "factor": 1}),
        ("/spend", {"group": "x", "requests": 1}),
        ("/spend", {"group": "prices", "requests": 0}),
    ],
)
async def test_wrong_wishes(
    cloud: AmberClient, path: str, wishes: dict[str, Any]
) -> None:
    assert (await cloud.control(path, **wishes)).status == 400


async def test_prices_are_forced(
    cloud: AmberClient, amber: AmberSimulator, noon: ManualClock
) -> None:
    span = {"start": "2026-10-05T02:00:00Z", "end": "2026-10-05T12:15:00+10:00"}
    assert (
        await cloud.control("/price", **span, spot=-12.5, regions=["vic"])
    ).status == 200
    assert running(await cloud.current())["spotPerKwh"] != -12.5
    await cloud.control("/price", **span, spot=88, estimate=-3, foreseen=False)
    assert running(await cloud.current())["spotPerKwh"] == -3
    noon.advance(10)
    found = await cloud.current(next=3)
    assert running(found)["spotPerKwh"] == 88
    url = f"{amber.control_url}/amber/price"
    async with cloud.session.delete(url) as response:
        assert response.status == 200
    assert running(await cloud.current())["spotPerKwh"] != 88


async def test_what_nobody_foresees(cloud: AmberClient, noon: ManualClock) -> None:
    start, end = noon() + timedelta(minutes=10), noon() + timedelta(minutes=20)
    span = {"start": start.isoformat(), "end": end.isoformat()}
    await cloud.control("/price", **span, spot=900, foreseen=False)
    found = only(await cloud.current(next=6), "ForecastInterval")
    assert max(entry["spotPerKwh"] for entry in found) < 200
    await cloud.control("/price", **span, spot=900)
    found = only(await cloud.current(next=6), "ForecastInterval")
    assert max(entry["spotPerKwh"] for entry in found) == 900


@pytest.mark.parametrize("seconds", [12, None])
async def test_confirmations_are_forced(
    cloud: AmberClient, noon: ManualClock, seconds: int | None
) -> None:
    await cloud.control("/confirm", at=noon().isoformat(), seconds=seconds)
    noon.advance(15)
    assert running(await cloud.current())["estimate"] is (seconds is None)


async def test_registers_corrections_and_other_clients(
    cloud: AmberClient, site: Site, amber: AmberSimulator
) -> None:
    await cloud.control("/channel", system=SITE, identifier="B2", type="feedIn")
    assert site.channels[-1].identifier == "B2"
    await cloud.control("/correct", system=SITE, day="2026-10-01", factor=2)
    assert site.corrections[date(2026, 10, 1)][0][1] == 2
    await cloud.control("/spend", group="sites_usage", requests=7)
    assert (await cloud.get("sites")).remaining == 42


async def test_the_truth_is_told(cloud: AmberClient, amber: AmberSimulator) -> None:
    url = f"{amber.control_url}/amber/truth"
    query = {"system": SITE, "start": "2026-10-01", "end": "2026-10-02"}
    async with cloud.session.get(url, params=query) as response:
        told = await response.json()
    truth = amber.truth.usage(SITE, date(2026, 10, 1), date(2026, 10, 2))
    assert told["B1"] == {
        "type": "feedIn",
        "kwh": float(truth.channels["B1"].kwh),
        "cost": float(truth.channels["B1"].cost),
    }


async def test_what_an_interval_costs_is_told_for_nothing(
    cloud: AmberClient, amber: AmberSimulator, noon: ManualClock
) -> None:
    url = f"{amber.control_url}/amber/price"
    async with cloud.session.get(url, params={"system": SITE}) as response:
        told = await response.json()
    assert set(told["channels"]) == {"general", "controlledLoad", "feedIn"}
    assert told["channels"]["feedIn"] == {
        "per_kwh": amber.truth.price(SITE, noon(), "feedIn"),
        "final_at": "2026-10-05T02:00:20+00:00",
    }
    assert amber.counters.count() == 0
    assert told["answer"] == await cloud.current(next=288)


async def test_the_common_side_door_is_there(
    cloud: AmberClient, amber: AmberSimulator
) -> None:
    for path in ("house", "truth", "clock", "counters", "faults"):
        async with cloud.session.get(f"{amber.control_url}/{path}") as response:
            assert response.status == 200


def test_many_sites_have_ids_of_their_own(noon: ManualClock) -> None:
    sites = default_sites(12, seed=3, now=noon())
    for name in ("id", "nmi"):
        assert len({getattr(site, name) for site in sites}) == 12
    assert len({site.spec.seed for site in sites}) == 12
    assert [problems(site.document(noon()), SITE_SHAPE) for site in sites] == [[]] * 12


async def test_two_simulators_with_one_seed_answer_the_same(
    cloud: AmberClient, noon: ManualClock
) -> None:
    other = AmberSimulator(clock=noon, sites=1, timing=cloud.sim.timing)
    await other.start()
    try:
        same = AmberClient(other, cloud.session)
        answers = [
            await client.current(previous=50, next=288) for client in (same, cloud)
        ]
        assert answers[0] == answers[1]
    finally:
        await other.stop()


@pytest.mark.slow
async def test_the_program_serves_it(
    socket_enabled: None, session: aiohttp.ClientSession
) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "simulator", "amber", "--homes", "3"),
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(20):
            line = (await process.stdout.readline()).decode()
        match = re.fullmatch(
            r"amber (http://127\.0\.0\.1:\d+/v1) Token=(psk_[0-9a-f]{32})\n", line
        )
        assert match, line
        headers = {"Authorization": f"Bearer {match[2]}"}
        async with session.get(f"{match[1]}/sites", headers=headers) as response:
            assert len(await response.json()) == 3
    finally:
        process.kill()
        await process.wait()
