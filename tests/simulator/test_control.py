"""The side door `/_sim/`."""

import math
from typing import Any

import pytest

from simulator.clock import ManualClock

from .alphaess_client import HOME_1, HOME_2, STORION, VT1000, Client


async def call(
    api: Client, method: str, path: str, *, status: int = 200, **options: Any
) -> Any:
    url = f"{api.sim.control_url}/{path}"
    async with api.session.request(method, url, **options) as response:
        assert response.status == status, await response.text()
        return await response.json()


async def test_house(api: Client) -> None:
    homes = await call(api, "GET", "house")
    assert list(homes) == [HOME_1, HOME_2, STORION, VT1000]
    wish = {"home": HOME_1, "pv": 0, "load": 500, "soc": 50, "grid": False}
    homes = await call(api, "POST", "house", json=wish)
    assert list(homes) == [HOME_1]
    state = homes[HOME_1]["state"]
    assert (state["pv_w"], state["load_w"], state["battery_w"]) == (0, 500, 500)
    assert (state["soc"], state["grid"]) == (50, False)
    assert homes[HOME_1]["overrides"]["load_w"] == 500
    assert api.sim.houses[HOME_2].live().load_w != 500

    wish = {"pv": None, "load": None, "grid": None, "ev_plugged": True}
    homes = await call(api, "POST", "house", json=wish)
    assert len(homes) == 4
    assert homes[HOME_1]["overrides"]["load_w"] is None
    assert homes[HOME_1]["state"]["ev_w"] == 11_000
    homes = await call(api, "GET", "house", params={"home": HOME_2})
    assert list(homes) == [HOME_2]


@pytest.mark.parametrize(
    "wish",
    [
        {"home": "nobody"},
        {"temperature": 20},
        {"pv": "much"},
        {"pv": -1},
        {"pv": True},
        {"grid": 1},
        [],
    ],
)
async def test_house_refuses_nonsense(api: Client, wish: Any) -> None:
    answer = await call(api, "POST", "house", status=400, json=wish)
    assert answer["error"]


async def test_faults(api: Client) -> None:
    rule = {
        "kind": "mutate",
        "endpoint": "getLastPowerData",
        "field": "data.soc",
        "missing": True,
        "count": 1,
    }
    fault = await call(api, "POST", "faults", json=rule)
    assert (fault["missing"], fault["count"]) == (True, 1)
    assert await call(api, "GET", "faults") == [fault]
    data = (await api.get("getLastPowerData", sysSn=HOME_1)).data
    assert "soc" not in data
    assert await call(api, "GET", "faults") == []

    one = await call(api, "POST", "faults", json={"kind": "html"})
    two = await call(api, "POST", "faults", json={"kind": "reset"})
    query = {"number": one["number"]}
    assert await call(api, "DELETE", "faults", params=query) == [two]
    await call(api, "DELETE", "faults", params=query, status=400)
    assert await call(api, "DELETE", "faults") == []
    # The side door itself never fails
    await call(api, "POST", "faults", json={"kind": "reset"})
    assert len(await call(api, "GET", "faults")) == 1


@pytest.mark.parametrize(
    "rule", [{}, {"kind": "earthquake"}, {"kind": "reset", "magnitude": 7}, []]
)
async def test_faults_refuse_nonsense(api: Client, rule: Any) -> None:
    await call(api, "POST", "faults", status=400, json=rule)


async def test_counters(api: Client, clock: ManualClock) -> None:
    await api.get("getEssList")
    await api.get("getLastPowerData", sysSn=HOME_1)
    counters = await call(api, "GET", "counters")
    assert counters["by_endpoint"] == {"getEssList": 1, "getLastPowerData": 1}
    assert counters["requests"][1] == {
        "at": clock().isoformat(),
        "method": "GET",
        "endpoint": "getLastPowerData",
        "system": HOME_1,
        "status": 200,
        "code": 200,
    }
    query = {"system": HOME_1, "endpoint": "get*"}
    one = await call(api, "GET", "counters", params=query)
    assert one["requests"] == counters["requests"][1:]
    assert (await call(api, "DELETE", "counters"))["requests"] == []
    assert api.sim.counters.count() == 0


async def test_truth(api: Client) -> None:
    truth = (await call(api, "GET", "truth", params={"home": HOME_1}))[HOME_1]
    house = api.sim.houses[HOME_1]
    energy = house.energy_on(house.today())
    assert energy is not None
    assert truth["date"] == "2026-05-03"
    assert truth["energy"]["solar_wh"] == energy.solar_wh
    assert truth["total"]["solar_wh"] == house.energy_total().solar_wh
    assert truth["live"]["soc"] == house.live().soc
    query = {"home": HOME_1, "date": "2026-05-02"}
    truth = (await call(api, "GET", "truth", params=query))[HOME_1]
    assert len(truth["records"]) == 288
    query["date"] = "2020-01-01"
    truth = (await call(api, "GET", "truth", params=query))[HOME_1]
    assert (truth["energy"], truth["records"]) == (None, [])
    await call(api, "GET", "truth", params={"date": "yesterday"}, status=400)
    await call(api, "GET", "truth", params={"home": "nobody"}, status=400)


async def test_clock(api: Client) -> None:
    answer = await call(api, "GET", "clock")
    assert answer["utc"] == "2026-05-03T11:10:30+00:00"
    assert answer["homes"][HOME_1] == {
        "time_zone": "Europe/Berlin",
        "local": "2026-05-03T13:10:30+02:00",
    }


async def test_vendor_switches(api: Client) -> None:
    await call(api, "POST", "alphaess", json={"language": "zh", "write_gap": 0})
    assert (api.sim.language, api.sim.write_gap) == ("zh", 0)
    wish = {
        "system": HOME_1,
        "online": False,
        "reaction_delay": 60,
        "money_type": None,
        "governing": "periodic",
    }
    document = await call(api, "POST", "alphaess", json=wish)
    shown = document["systems"][HOME_1]
    assert {name: shown[name] for name in wish if name != "system"} == {
        name: value for name, value in wish.items() if name != "system"
    }
    assert (await api.get("getLastPowerData", sysSn=HOME_1)).code == 6042
    assert (await api.get("getLastPowerData", sysSn=HOME_2)).code == 200
    assert await call(api, "GET", "alphaess") == document


@pytest.mark.parametrize(
    "wish",
    [
        {"system": "nobody"},
        {"system": 1},
        {"online": False},
        {"system": HOME_1, "language": "zh"},
        {"language": "de"},
        {"whitelisted": 1},
        {"calls_per_second": True},
        {"calls_per_second": 1.5},
        {"write_gap": "long"},
        {"system": HOME_1, "money_type": 1},
        {"system": HOME_1, "online": True, "live": "half"},
        {"system": HOME_1, "reaction_delay": -1},
        {"system": HOME_1, "reaction_delay": math.nan},
        {"system": HOME_1, "reaction_delay": math.inf},
        {"system": HOME_1, "midnight_blank_minutes": -1},
        {"system": HOME_1, "clamps": 95},
        {"system": HOME_1, "clamps": {"gridCharge": 0}},
        {"system": HOME_1, "clamps": {"batHighCap": "95"}},
        {"system": HOME_1, "clamps": {"batHighCap": True}},
        {"system": HOME_1, "clamps": {"batHighCap": -1}},
    ],
)
async def test_vendor_switches_refuse_nonsense(
    api: Client, wish: dict[str, Any]
) -> None:
    before = await call(api, "GET", "alphaess")
    await call(api, "POST", "alphaess", json=wish, status=400)
    assert await call(api, "GET", "alphaess") == before


async def test_the_index_tells_what_can_be_called(api: Client) -> None:
    index = await call(api, "GET", "")
    assert index["homes"] == [HOME_1, HOME_2, STORION, VT1000]
    assert {"GET /_sim/house", "POST /_sim/faults"} <= set(index["calls"])
    for one in index["calls"]:
        method, path = one.split()
        assert path.startswith("/_sim/")
        if method == "GET" and "{" not in path:
            url = f"{api.sim.origin}{path}"
            async with api.session.get(url) as response:
                assert response.status in {200, 400}, path
