"""What a token brings, on the simulated cloud; the documented limits always hold."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from unittest.mock import AsyncMock, Mock

import pytest

from custom_components.growatt_energy import driver, history_records
from custom_components.growatt_energy._vendor.core.client.errors import (
    ApiError,
    AuthError,
    ThrottledError,
    UnsupportedError,
)
from custom_components.growatt_energy.families import Family
from custom_components.growatt_energy.sources.token import TokenSource
from custom_components.growatt_energy.sources.token_live import TokenLive

from .source_bench import NOON, Bench, with_token

MIN, SPH, SPA = "TPJ0CD4001", "ODCDA2500A", "WPD0A1234K"
NOAH, NEO = "0HVR00AA25BB0001", "BZP4N2K00E"
LOGGER = "QMN0A1B2C3"
LAST = "new-api/queryLastData"
HOME, COTTAGE, BARN, BALCONY = "1234567", "1234601", "1234602", "1234603"


@pytest.fixture(autouse=True)
def growatt(socket_enabled: None) -> None:
    """Home Assistant is not needed here."""


@pytest.fixture
def homes() -> tuple[str, ...]:
    """Which homes the account has."""
    return ("MIN",)


@pytest.fixture
async def bench(homes: tuple[str, ...]) -> AsyncGenerator[Bench[TokenSource]]:
    """A source on these homes; no limit was broken when it ends."""
    async with with_token(*homes) as made:
        yield made
        assert made.sim.limits.violations == []


type Token = Bench[TokenSource]


async def test_plants_come_with_their_zone(bench: Token) -> None:
    """The details are asked once and remembered."""
    plants = driver.plants(await bench.source.plants(), NOON).plants
    assert plants[HOME].zone == "+02:00"
    assert plants[HOME].currency == "EUR"
    await bench.wait()
    again = driver.plants(await bench.source.plants(), NOON).plants
    assert again == plants
    assert bench.asked("plant/details") == 1


async def test_a_list_that_was_just_read_is_not_read_again(bench: Token) -> None:
    """The config flow hands over its answer (Q29)."""
    first = {"plants": [{"plant_id": 7, "name": "Handed over"}], "count": 1}
    assert "7" in driver.plants(await bench.source.plants(first), NOON).plants
    assert bench.asked("plant/list") == 0


async def test_plant_values(bench: Token) -> None:
    """The curve gives the power, the list the state."""
    await bench.source.plants()
    found = driver.plant(await bench.source.plant(HOME), bench.clock.now())
    assert found.online is True
    assert found.last_update is not None
    assert found.values["energy_today"] > 10
    assert bench.asked("plant/power") == 1


async def test_a_plant_without_its_curve(bench: Token) -> None:
    """It is still a plant; the next one has to wait for the endpoint's turn."""
    bench.sim.faults.add("vendor_error", "plant/power", code=10001)
    found = driver.plant(await bench.source.plant(HOME), bench.clock.now())
    assert found.values["output_power"] > 1000
    with pytest.raises(ThrottledError):
        await bench.source.plant(HOME)


async def test_devices_with_identity(bench: Token) -> None:
    """Model, versions, rating, battery, meter and logger in one go."""
    found = await bench.devices(HOME)
    device = found.devices[MIN]
    assert device.model == "MOD 12KTL3-XH"
    assert device.rated_power == 12000.0
    assert device.has_settings is True
    assert device.alias == "Garage"
    assert found.devices[f"{LOGGER}_1"].family is Family.METER
    assert found.loggers[LOGGER].lost is False


async def test_identities_stay_known(bench: Token) -> None:
    """A list that comes while their endpoints rest has them from memory."""
    first = await bench.devices(HOME)
    await bench.wait()
    for endpoint in ("device/tlx/tlx_data_info", "new-api/queryDeviceInfo"):
        bench.sim.faults.add("vendor_error", endpoint, code=10001)
    bench.sim.faults.add("vendor_error", "device/datalogger/list", code=10001)
    bench.sim.faults.add("vendor_error", "device/ammeter/meter_list", code=10001)
    again = await bench.devices(HOME)
    assert again.devices == first.devices
    assert set(again.loggers) == {LOGGER}


@pytest.mark.parametrize("homes", [("NEO",)])
async def test_a_micro_inverter_has_no_settings(bench: Token) -> None:
    """Its bean is null; asking for settings says so."""
    found = await bench.devices("1234606")
    assert found.devices[NEO].has_settings is False
    with pytest.raises(UnsupportedError):
        await bench.source.settings(Family.MIN, NEO)


@pytest.mark.parametrize("homes", [("SPH", "NOAH")])
async def test_a_noah_is_found_in_its_plant_only(bench: Token) -> None:
    """``device/list`` is without it; v4 does not tell the plant (Q34)."""
    await bench.source.plants()
    assert set((await bench.devices(COTTAGE)).devices) == {SPH}
    await bench.wait()
    assert set((await bench.devices(BALCONY)).devices) == {NOAH}
    assert bench.asked("plant/sn_plant") == 1


async def test_one_family_is_read_through_v4(bench: Token) -> None:
    """In one request for all of its devices."""
    cadence = bench.source.cadence({Family.MIN, Family.METER})
    assert cadence == dict.fromkeys((Family.MIN, Family.METER), timedelta(minutes=5))
    reading = await bench.reading(Family.MIN, MIN)
    assert reading is not None
    assert reading.online(bench.clock.now())
    meter = await bench.reading(Family.METER, f"{LOGGER}_1")
    assert meter is not None
    assert meter.number("power") == pytest.approx(reading.number("grid_power"), abs=400)
    assert bench.asked(LAST) == 1


@pytest.mark.parametrize("homes", [("MIN", "SPH", "SPA", "NOAH")])
@pytest.mark.parametrize("scope", ["endpoint", "family"])
async def test_several_families_do_not_meet_at_an_endpoint(
    bench: Token, scope: str
) -> None:
    """An hour of polls at once: never a refusal, whichever way limits are meant."""
    bench.sim.limits.scope = scope
    serials = {
        Family.MIN: MIN,
        Family.SPH: SPH,
        Family.SPA: SPA,
        Family.INVERTER: "INV0A5600B",
        Family.NOAH: NOAH,
    }
    cadence = bench.source.cadence(serials)
    assert cadence[Family.NOAH] == timedelta(minutes=1)
    for minute in range(21):
        for family, serial in serials.items():
            if not minute * 60 % cadence[family].total_seconds():
                assert await bench.reading(family, serial) is not None
        await bench.wait(60)
    assert bench.asked("device/tlx/tlxs_data") == 5
    assert bench.asked(LAST) == 21


def test_families_without_an_endpoint_of_their_own_take_turns() -> None:
    """Two that only v4 has are read every ten minutes each."""
    cadence = TokenLive(Mock()).cadence({Family.WIT, Family.NOAH, Family.MIN})
    assert cadence[Family.WIT] == cadence[Family.NOAH] == timedelta(minutes=10)
    assert cadence[Family.MIN] == timedelta(minutes=5)


async def test_without_v4_there_is_v1(bench: Token) -> None:
    """A server that does not know v4 is asked the old way after three tries."""
    bench.sim.v4_available = False
    bench.source.cadence({Family.MIN})
    for _ in range(3):
        with pytest.raises(ApiError):
            await bench.reading(Family.MIN, MIN)
        await bench.wait()
    assert await bench.reading(Family.MIN, MIN) is not None
    assert bench.asked(LAST) == 3


async def test_a_sleeping_device_is_left_out(bench: Token) -> None:
    """All zeros are no reading (Q11), nor is a stale record fresh."""
    bench.sim.devices[MIN].switches.zero_record = True
    assert await bench.reading(Family.MIN, MIN) is None


@pytest.mark.parametrize(
    ("switch", "value"),
    [
        ("sentinels", True),
        ("null_strings", True),
        ("nul_serials", True),
        ("noise", True),
        ("phantom_bdc2", True),
        ("lost_in_record", True),
        ("soc_from_bms", False),
        ("pv_today", True),
    ],
)
async def test_quirks_leave_the_reading_as_it_is(
    bench: Token, switch: str, value: object
) -> None:
    """However the cloud spells it, it is the same house."""
    device = bench.sim.devices[MIN]
    keys = ("solar_power", "grid_power", "battery_power", "load_power", "battery_soc")
    before = await bench.reading(Family.MIN, MIN)
    setattr(device.switches, switch, value)
    snapshot = device.record
    await bench.wait(305)
    after = await bench.reading(Family.MIN, MIN)
    assert before is not None
    assert after is not None
    assert after.batteries == (1,)
    assert snapshot is not None
    assert device.record is not None
    assert after.number("battery_soc") == pytest.approx(
        before.number("battery_soc"), abs=10
    )
    assert after.number("solar_energy_today") == pytest.approx(
        before.number("solar_energy_today"), abs=2
    )
    for key in keys:
        assert after.number(key) is not None, key


@pytest.mark.parametrize("homes", [("SPH",)])
async def test_settings_are_read_by_their_names(bench: Token) -> None:
    """Those of SPH stand in its details."""
    found = await bench.source.settings(Family.SPH, SPH)
    assert "forcedChargeTimeStart1" in found
    assert "wchargeSOCLowLimit2" in found


async def test_alarms_and_signal(bench: Token) -> None:
    """A meter has neither."""
    rows = await bench.source.alarms(Family.MIN, MIN, NOON.date())
    assert driver.alarms(rows, NOON).alarms == ()
    raw = await bench.source.wifi(Family.MIN, MIN)
    assert driver.signal(raw, NOON).dbm is not None
    with pytest.raises(UnsupportedError):
        await bench.source.alarms(Family.METER, f"{LOGGER}_1", NOON.date())
    with pytest.raises(UnsupportedError):
        await bench.source.wifi(Family.METER, f"{LOGGER}_1")


@pytest.mark.parametrize(
    ("homes", "family", "serial"),
    [(("MIN",), Family.MIN, MIN), (("NOAH",), Family.NOAH, NOAH)],
)
async def test_a_past_day_is_whole(bench: Token, family: Family, serial: str) -> None:
    """Three pages of V1, or one call of v4: a record every five minutes."""
    records = await bench.past(family, serial)
    assert len(records) == 288
    hours = history_records.hourly(family, records, {}, now=bench.clock.now())
    name = "generation" if family is Family.NOAH else "solar"
    assert 1 < sum(hours[name].values()) < 150


@pytest.mark.parametrize("homes", [("SPH",)])
async def test_a_day_in_pages_goes_on_after_a_pause(bench: Token) -> None:
    """Each page has its turn in five minutes; none is read twice."""
    bench.sim.v4_history_page = 100
    records = await bench.past(Family.SPH, SPH)
    assert len(records) == 288
    assert bench.asked("new-api/queryHistoricalData") == 3


@pytest.mark.parametrize("homes", [("STORAGE", "MAX", "NOAH")])
async def test_settings_of_the_other_families(bench: Token) -> None:
    """In their details of V1 or v4."""
    wanted = {
        (Family.STORAGE, "KHM0A12345"): "serialNum",
        (Family.MAX, "MXJ0A50001"): "serialNum",
        (Family.NOAH, NOAH): "chargingSocHighLimit",
    }
    for (family, serial), name in wanted.items():
        assert name in await bench.source.settings(family, serial)


@pytest.mark.parametrize("homes", [("STORAGE", "MAX")])
async def test_storages_are_read_one_by_one(bench: Token) -> None:
    """V1 has no request for many of them; one that is unknown takes no other along."""
    bench.source.cadence({Family.STORAGE, Family.MAX})
    raw = await bench.source.live(Family.STORAGE, ["NOBODY", "KHM0A12345"], "")
    assert set(raw) == {"KHM0A12345"}


async def test_storages_that_must_wait_are_left_for_later() -> None:
    """What was read before the limit is told; nothing at all is an error."""
    client = Mock()
    client.last = AsyncMock(side_effect=[{"capacity": 50}, ThrottledError("later")])
    live = TokenLive(client)
    live.cadence({Family.STORAGE, Family.MAX})
    assert set(await live.read(Family.STORAGE, ["A", "B"])) == {"A"}
    client.last = AsyncMock(side_effect=ThrottledError("later"))
    with pytest.raises(ThrottledError):
        await live.read(Family.STORAGE, ["A", "B"])


async def test_several_meters_take_turns(bench: Token) -> None:
    """Their endpoint has one turn in five minutes."""
    serials = [f"{LOGGER}_1", f"{LOGGER}_2"]
    first = await bench.source.live(Family.METER, serials, "")
    assert set(first) == {serials[0]}
    with pytest.raises(ThrottledError):
        await bench.source.live(Family.METER, serials, "")


@pytest.mark.parametrize("homes", [("NOAH",)])
async def test_a_device_of_v4s_list_stays_while_that_fails(bench: Token) -> None:
    """Not answered is not "gone"; an answer without it is."""
    await bench.source.plants()
    first = await bench.devices(BALCONY)
    assert set(first.devices) == {NOAH}
    await bench.wait()
    bench.sim.faults.add("vendor_error", "new-api/queryDeviceList", code=1, count=1)
    assert (await bench.devices(BALCONY)).devices == first.devices
    await bench.wait()
    bench.sim.faults.add("mutate", "*/queryDeviceList", field="data", value=None)
    assert not (await bench.devices(BALCONY)).devices


async def test_refused_credentials_are_told_from_any_part(bench: Token) -> None:
    """They must not pass for a missing curve or detail."""
    client = Mock()
    client.plants = AsyncMock(return_value={"plants": [{"plant_id": 1}]})
    client.plant_details = AsyncMock(side_effect=AuthError("no"))
    client.plant_data = AsyncMock(return_value={})
    client.plant_power = AsyncMock(side_effect=AuthError("no"))
    client.devices = AsyncMock(return_value={})
    client.dataloggers = AsyncMock(side_effect=AuthError("no"))
    source = TokenSource(client)
    for question in (source.plants(), source.plant("1"), source.devices("1")):
        with pytest.raises(AuthError):
            await question
