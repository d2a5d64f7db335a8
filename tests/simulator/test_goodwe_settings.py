"""Named settings of the SEMS+ simulator in three dialects (reference section 6.3)."""

from typing import Any

import aiohttp
import pytest

from .goodwe_client import Portal
from .goodwe_remote import SUCCESS, WRITE_NAMED, Remote

ALL_DAYS = list(range(7))
TOGGLES = ("TOUModeEnable", "Backup", "OffGridEnable", "DelayedChargeEnable")
MODES = ("SelfUseMode", "OffGridMode", "BackupMode", "TOUMode")


@pytest.fixture
def remote(portal: Portal) -> Remote:
    return Remote(portal)


def demand(number: int, **fields: Any) -> dict[str, Any]:
    return {f"DemandOrDelayed{name}{number}": it for name, it in fields.items()}


async def peak(remote: Remote, **fields: Any) -> Any:
    """Switch peak shaving on."""
    data = demand(1, WeekEnable=252, Week=ALL_DAYS, **fields)
    return await remote.set("DemandOrDelayed1", data)


@pytest.mark.parametrize(
    ("stations", "off_grid"), [(("hybrid",), {"OffGridEnable": 0}), (("v2",), {})]
)
async def test_toggles(remote: Remote, off_grid: dict[str, Any]) -> None:
    assert await remote.read(*TOGGLES, *MODES, "GreenModeEnable", "Unknown") == {
        "TOUModeEnable": {"TOUModeEnable": 0},
        "Backup": {"BackupModeEnable": 0, "BackupPChargeP": 20},
        "OffGridEnable": off_grid,
        "DelayedChargeEnable": {"DelayedChargeEnable": 0},
        "GreenModeEnable": {},
        "Unknown": {},
        **{name: {} for name in MODES},
    }


@pytest.mark.parametrize("stations", [("v1",)])
async def test_exclusive_modes(remote: Remote) -> None:
    assert await remote.read(*MODES) == {name: {name: 0} for name in MODES}
    assert await remote.set("TOUMode", {"TOUMode": 3}) == SUCCESS
    assert await remote.read(*MODES) == {name: {name: 3} for name in MODES}
    remote.controls.switches.inactive_modes = "empty"
    found = await remote.read(*MODES, *TOGGLES, "DemandOrDelayed1")
    assert [name for name, value in found.items() if value] == ["TOUMode"]
    assert await remote.set("TOUMode", {"TOUMode": 1}) == "P0215"
    assert await remote.set("TOUModeEnable", {"TOUModeEnable": 1}) == "P0215"
    assert await remote.set("BackupMode", {"BackupMode": 2}) == SUCCESS
    assert await remote.running_mode() == 100
    assert await remote.set("OffGridMode", {"OffGridMode": 1}) == SUCCESS
    assert not remote.live().grid
    assert await remote.set("SelfUseMode", {"SelfUseMode": 0}) == SUCCESS
    assert remote.live().grid


async def test_backup_keeps_the_battery(remote: Remote) -> None:
    assert remote.live().battery_w == 500
    assert await remote.set("Backup", {"BackupModeEnable": 1}) == SUCCESS
    assert remote.live().battery_w == 0
    charge = {"BackupChargeModelEnable": 1, "BackupPChargeP": 35}
    assert await remote.set("Backup", charge) == SUCCESS
    assert remote.live().battery_w == -3500
    function = await remote.function("gird_pur_charge", "47870")
    assert await remote.value(function) == 1
    assert (await remote.read("Backup"))["Backup"] == {
        "BackupModeEnable": 1,
        "BackupPChargeP": 35,
    }
    off = {"BackupChargeModelEnable": 0}
    assert await remote.set("Backup", off | {"BackupPChargeP": 35}) == "P0215"
    assert await remote.set("Backup", off) == SUCCESS
    assert remote.live().battery_w == 0
    assert [it.part for it in remote.controls.writes] == ["Backup"] * 3


async def test_off_grid_cuts_the_house_from_the_grid(remote: Remote) -> None:
    remote.portal.station.house.override(pv_w=3000)
    assert await remote.set("OffGridEnable", {"OffGridEnable": 1}) == SUCCESS
    assert (remote.live().grid, remote.live().grid_w) == (False, 0)
    assert await remote.running_mode() == 7
    remote.portal.sim.upload()
    assert (await remote.portal.info())["gridStatus"] == "0"
    assert await remote.set("OffGridEnable", {"OffGridEnable": 0}) == SUCCESS
    assert remote.live().grid


@pytest.mark.parametrize("stations", [("v2",)])
async def test_off_grid_is_no_toggle_before_the_third(remote: Remote) -> None:
    assert await remote.set("OffGridEnable", {"OffGridEnable": 1}) == "P0215"
    assert remote.live().grid


async def test_peak_shaving_keeps_its_reserve_for_peaks(remote: Remote) -> None:
    house = remote.portal.station.house
    never = (await remote.read("DemandOrDelayed1"))["DemandOrDelayed1"]
    assert never["DemandOrDelayedWeekEnable1"] == 85
    settings = {"Start": "08:00", "End": "20:00", "SOC": 60, "PowerLimit": 4.0}
    assert await peak(remote, **settings) == SUCCESS
    # 50 % is below the reserve of 60
    assert (remote.live().battery_w, await remote.running_mode()) == (0, 105)
    house.override(load_w=6500)
    assert (remote.live().battery_w, remote.live().grid_w) == (2500, 4000)
    house.override(soc=80, load_w=500)
    assert remote.live().battery_w == 500
    data = demand(1, WeekEnable=3, Week=ALL_DAYS)
    assert await remote.set("DemandOrDelayed1", data) == SUCCESS
    assert await remote.running_mode() == 1


@pytest.mark.parametrize(
    ("stations", "most_kw"), [(("hybrid",), 655.34), (("v2",), 500)]
)
async def test_the_limit_of_peak_shaving_is_power_not_a_share(
    remote: Remote, most_kw: float
) -> None:
    assert await peak(remote, PowerLimit=most_kw + 0.01) == "P0215"
    assert await peak(remote, PowerLimit=most_kw) == SUCCESS
    share = demand(2, WeekEnable=250, Week=ALL_DAYS, PowerLimit=1001)
    assert await remote.set("DemandOrDelayed2", share) == "P0215"
    share["DemandOrDelayedPowerLimit2"] = 1000
    assert await remote.set("DemandOrDelayed2", share) == SUCCESS


async def test_delayed_charge_sells_the_sun_first(remote: Remote) -> None:
    remote.portal.station.house.override(pv_w=5500)
    assert remote.live().battery_w == -5000
    data = demand(*(2,), WeekEnable=250, Week=ALL_DAYS, End="16:00", PowerLimit=300)
    assert await remote.set("DemandOrDelayed2", data) == SUCCESS
    assert remote.live().battery_w == -5000
    assert (
        await remote.set("DelayedChargeEnable", {"DelayedChargeEnable": 1}) == SUCCESS
    )
    assert (remote.live().battery_w, remote.live().grid_w) == (-2000, -3000)
    assert await remote.running_mode() == 103
    remote.portal.clock.advance(3 * 3600)
    assert remote.live().battery_w < -4000
    assert await remote.running_mode() == 104


async def test_the_first_object_may_be_the_delayed_charge(remote: Remote) -> None:
    data = demand(1, WeekEnable=250, Week=ALL_DAYS, End="16:00", PowerLimit=0)
    await remote.set("DemandOrDelayed1", data)
    await remote.set("DelayedChargeEnable", {"DelayedChargeEnable": 1})
    assert await remote.running_mode() == 103


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("TOUModeEnable", {"TOUModeEnable": 1}),
        ("Backup", {"BackupModeEnable": 1}),
    ],
)
async def test_modes_that_exclude_each_other(
    remote: Remote, name: str, data: dict[str, Any]
) -> None:
    assert await peak(remote) == SUCCESS
    assert await remote.set(name, data) == "P0215"
    off = demand(1, WeekEnable=3, Week=ALL_DAYS)
    assert await remote.set("DemandOrDelayed1", off) == SUCCESS
    assert await remote.set(name, data) == SUCCESS
    assert await peak(remote) == "P0215"
    remote.controls.switches.exclusive = False
    assert await peak(remote) == SUCCESS


@pytest.mark.parametrize(
    ("name", "data", "more", "code"),
    [
        ("TOUModeEnable", {"TOUModeEnable": 2}, {}, "P0215"),
        ("TOUModeEnable", {"Other": 1}, {}, "P0215"),
        ("NoSetting", {"NoSetting": 1}, {}, "P0215"),
        ("DemandOrDelayed1", demand(1, WeekEnable=252), {}, "P0214"),
        ("DemandOrDelayed1", demand(1, WeekEnable=9, Week=[0]), {}, "P0215"),
        ("DemandOrDelayed1", demand(2, WeekEnable=252, Week=[0]), {}, "P0215"),
        ("TOUModeEnable", {"TOUModeEnable": 1}, {"plantId": None}, "P0214"),
        ("TOUModeEnable", {"TOUModeEnable": 1}, {"controlItemLogs": None}, "P0214"),
        ("TOUModeEnable", {"TOUModeEnable": 1}, {"sn": "DNG24A0031"}, "P0215"),
    ],
)
async def test_wrong_writes(
    remote: Remote, name: str, data: dict[str, Any], more: dict[str, Any], code: str
) -> None:
    assert await remote.set(name, data, **more) == code
    assert remote.controls.writes == []


async def test_the_house_follows_a_moment_after_the_answer(remote: Remote) -> None:
    switches = remote.controls.switches
    switches.reaction_seconds, switches.shown_seconds = 60, 10
    assert await remote.set("Backup", {"BackupModeEnable": 1}) == SUCCESS
    assert (await remote.read("Backup"))["Backup"]["BackupModeEnable"] == 0
    remote.portal.clock.advance(10)
    assert (await remote.read("Backup"))["Backup"]["BackupModeEnable"] == 1
    assert remote.live().battery_w == 500
    remote.portal.clock.advance(50)
    assert remote.live().battery_w == 0


async def test_the_owner_changes_something(remote: Remote) -> None:
    remote.controls.write_as_app({"BackupModeEnable": 1})
    assert (await remote.read("Backup"))["Backup"]["BackupModeEnable"] == 1
    assert remote.live().battery_w == 0
    assert remote.controls.writes == []


async def test_a_lost_answer_is_done_all_the_same(remote: Remote) -> None:
    remote.portal.sim.faults.add("lost", WRITE_NAMED, count=1)
    with pytest.raises(aiohttp.ClientConnectionError):
        await remote.set("Backup", {"BackupModeEnable": 1})
    assert (await remote.read("Backup"))["Backup"]["BackupModeEnable"] == 1


@pytest.mark.parametrize("stations", [("string",)])
async def test_without_a_battery_there_is_nothing(remote: Remote) -> None:
    assert await remote.read("TOUModeEnable", "TOU1", "INVCurrentWorkMode") == {
        name: {} for name in ("TOUModeEnable", "TOU1", "INVCurrentWorkMode")
    }
    assert await remote.set("TOUModeEnable", {"TOUModeEnable": 1}) == "P0215"
