"""What is asked together, and what of the answers is kept (reference section 5)."""

from typing import Any

import pytest

from custom_components.sungrow_energy._vendor.core.client.errors import (
    NotPermittedError,
    UnsupportedError,
)
from custom_components.sungrow_energy.api.access import Flavour
from custom_components.sungrow_energy.asking import Asking
from custom_components.sungrow_energy.points import HOME_MANAGER_TYPE, table
from custom_components.sungrow_energy.source import SungrowSource
from tests.core.fake_clock import FakeClock

from . import wire


@pytest.fixture(autouse=True)
def sungrow() -> None:
    """Home Assistant is not needed here."""


class Cloud:
    """A client that answers from a table and notes what it was asked."""

    def __init__(self, flavour: Flavour = Flavour.OAUTH) -> None:
        self.flavour = flavour
        self.alive: dict[str, object] = {}
        self.names: list[dict[str, Any]] = []
        self.asked: list[tuple[Any, ...]] = []
        self.fails: Exception | None = None

    async def plants(self) -> list[dict[str, Any]]:
        return [{**wire.PLANTS["rows"][0], "ps_location": "Way 1", "latitude": 5}]

    async def plant_details(self, ids: Any) -> dict[str, Any]:
        self.asked.append(("details", tuple(ids)))
        if self.fails is not None:
            raise self.fails
        (row,) = wire.PLANTS["details"]["data_list"]
        return {"data_list": [{**row, "owner_email": "x@y.z"}]}

    async def devices(self, plant_id: str) -> list[dict[str, Any]]:
        self.asked.append(("devices", plant_id))
        return wire.DEVICES

    async def plant_points(
        self, ids: Any, points: Any, *, want_dict: bool = False
    ) -> dict[str, Any]:
        return await self.device_points("plant", ids, points, want_dict=want_dict)

    async def device_points(
        self, device_type: Any, ps_keys: Any, points: Any, *, want_dict: bool = False
    ) -> dict[str, Any]:
        self.asked.append((device_type, tuple(ps_keys), list(points), want_dict))
        values = {f"p{point}": self.alive.get(point) for point in points}
        rows = [{"ps_key": key, "device_name": "Den", **values} for key in ps_keys]
        return {
            "device_point_list": rows,
            "point_dict": self.names if want_dict else [],
            "illegal_ps_key_list": ["9_1_1_1"],
        }

    async def faults(self, plant_id: str | None = None) -> list[dict[str, Any]]:
        return [{**wire.FAULT, "owner_mobile": "5"}]

    async def open_points(self, device_type: Any) -> list[dict[str, Any]]:
        self.asked.append(("open", device_type))
        if self.fails is not None:
            raise self.fails
        return [
            {"point_id": 99001, "point_name": "X", "storage_unit": "W"},
            {"point_id": "13141"},
            {"point_id": "bad"},
        ]


@pytest.fixture
def cloud() -> Cloud:
    """An OAuth client."""
    return Cloud()


@pytest.fixture
def clock() -> FakeClock:
    """The time of the tests."""
    return FakeClock()


async def test_personal_data_is_left_out(cloud: Cloud) -> None:
    """It would lie on the disk with the last answers."""
    source = SungrowSource(cloud)
    raw = [await source.plants(), await source.faults(), await source.live(14, ["5"])]
    for secret in ("Way 1", "latitude", "x@y.z", "owner", "Den"):
        assert secret not in str(raw)
    assert raw[0]["rows"][0]["ps_name"] == "Home"


async def test_details_are_not_needed(cloud: Cloud) -> None:
    """The list goes on without; other plants' details are not asked for."""
    cloud.fails = NotPermittedError("no")
    raw = await SungrowSource(cloud).plants(["8"])
    assert cloud.asked == [("details", ("8",))]
    assert raw["details"] == {"data_list": [], "not_authorization_ps_list": []}


@pytest.mark.parametrize(
    ("alive", "sizes"), [(40, {100}), (109, {200}), (100, {100, 200})]
)
async def test_points_that_were_silent_get_their_turn(
    alive: int, sizes: set[int]
) -> None:
    """Within two hours, however many of the others answer."""
    asking = Asking(14, [str(number) for number in range(99000, 99100)])
    every = asking.next()
    asking.took([{f"p{point}": "1" for point in every[:alive]}], [], 0.0, told=True)
    asked = [asking.next() for _ in range(24)]
    assert set().union(*asked) == set(every)
    assert {len(points) for points in asked} == sizes
    assert sum(len(points) > max(alive, 100) for points in asked) <= 24 * (alive != 40)


async def test_first_all_points_then_those_that_live(
    cloud: Cloud, clock: FakeClock
) -> None:
    """109 points are two requests once, and one from then on."""
    cloud.alive = {"13141": "0.5", "18110": "230", "13126": "--"}
    source = SungrowSource(cloud, clock=clock)
    for _ in range(3):
        await source.live(14, ["5_14_1_1"])
    first, *later = [asked[2] for asked in cloud.asked]
    assert first == [point.id for point in table(14)]
    for points in later:
        assert len(points) == len(set(points)) == 100
        assert {"13141", "18110"} <= set(points)
    assert set(later[0]) | set(later[1]) == set(first)


async def test_a_point_that_wakes_up_stays(cloud: Cloud, clock: FakeClock) -> None:
    """Null points are asked for in turns, so a new one is found."""
    source = SungrowSource(cloud, clock=clock)
    await source.live(1, ["5_1_1_1"])
    cloud.alive = {"7722": "1"}
    for _ in range(3):
        await source.live(1, ["5_1_1_1"])
    cloud.asked.clear()
    for _ in range(3):
        await source.live(1, ["5_1_1_1"])
    assert all("7722" in asked[2] for asked in cloud.asked)


async def test_the_dictionary_is_asked_for_every_six_hours(
    cloud: Cloud, clock: FakeClock
) -> None:
    """In between its units are those that were told, of what needs them."""
    cloud.names = [
        {"point_id": "33708", "point_unit": "W", "extra": 1},
        {"point_id": "33716", "point_unit": ""},
    ]
    source = SungrowSource(cloud, clock=clock)
    kept = []
    for wait in (0.0, 300.0, 6 * 3600.0):
        await clock.advance(wait)
        raw = await source.live(51, ["5_51_1_1"])
        kept.append(raw["point_dict"])
    assert [asked[3] for asked in cloud.asked] == [True, False, True]
    assert kept == [[{"point_id": "33708", "point_unit": "W"}]] * 3
    assert raw["illegal_ps_key_list"] == ["9_1_1_1"]


async def test_a_home_manager_is_asked_by_its_own_type(cloud: Cloud) -> None:
    """The number that stands for it is only ours."""
    await SungrowSource(cloud).live(HOME_MANAGER_TYPE, ["5_61_1_1"])
    assert cloud.asked[0][0] == 61
    assert len(cloud.asked[0][2]) == 6


async def test_nobody_is_asked_about_no_device(cloud: Cloud) -> None:
    """A type whose devices are gone costs no request."""
    assert await SungrowSource(cloud).live(14, []) == {
        "device_point_list": [],
        "point_dict": [],
    }
    assert cloud.asked == []


async def test_the_login_has_a_catalogue_of_points() -> None:
    """It is read once per type; what no table has is asked for too."""
    cloud = Cloud(Flavour.LOGIN)
    cloud.alive = {"99001": "5"}
    source = SungrowSource(cloud)
    raw = [await source.live(14, ["5_14_1_1"]) for _ in range(2)][-1]
    assert [asked[0] for asked in cloud.asked] == ["open", 14, 14]
    assert "99001" in cloud.asked[1][2]
    assert cloud.asked[1][2].count("13141") == 1
    assert raw["point_dict"] == [
        {"point_id": 99001, "point_name": "X", "storage_unit": "W"}
    ]


async def test_a_catalogue_is_not_needed() -> None:
    """The tables are enough."""
    cloud = Cloud(Flavour.LOGIN)
    cloud.fails = UnsupportedError("absent")
    await SungrowSource(cloud).plants_live(["5"])
    assert len(cloud.asked[-1][2]) == 76


def test_unnamed_points_of_a_meteo_station_are_asked_for() -> None:
    """2105 to 2139 have no name in the reference and are shown by their number."""
    assert {"2105", "2139"} <= set(Asking(5).next())
