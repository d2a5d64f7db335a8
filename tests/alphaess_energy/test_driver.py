"""Wire values in the words of the bundle: units and signs (core/model.py)."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from custom_components.alphaess_energy import driver
from custom_components.alphaess_energy._vendor.core.client.errors import BadDataError
from custom_components.alphaess_energy._vendor.core.model import (
    DayEnergy,
    Power,
    Site,
    Summary,
)
from custom_components.alphaess_energy.api.models import ChargerStatus
from custom_components.alphaess_energy.api.schedules import Window

from .api import samples

BERLIN = ZoneInfo("Europe/Berlin")
DAY = date(2026, 5, 3)
NOW = datetime(2026, 5, 3, 11, 12, tzinfo=UTC)  # 13:12 in Berlin
BLANK_SIDE = {"dischargeTimeList": None}


@pytest.fixture(autouse=True)
def alphaess() -> None:
    """Home Assistant is not needed here."""


def test_sites() -> None:
    """Ratings in W, the capacity in kWh."""
    sites = driver.sites(samples.ESS_LIST, NOW).sites
    assert list(sites) == ["AL7011024010101", "ALD0310240202"]
    assert sites["AL7011024010101"] == Site(
        serial="AL7011024010101",
        model="SMILE5-INV",
        battery_model="SMILE-BAT-13.3P",
        inverter_power=5000.0,
        solar_peak_power=8200.0,
        battery_capacity=13.34,
        battery_usable_capacity=12.01,
        battery_usable_share=90.0,
        status="Normal",
    )
    assert sites["AL7011024010101"].has_battery


@pytest.mark.parametrize("capacity", [0, None, 0.0, "0"])
def test_a_system_without_battery(capacity: Any) -> None:
    """Plug-in solar says 0 or null."""
    raw = [{**samples.ESS_LIST[0], "cobat": capacity}]
    assert not driver.sites(raw, NOW).sites["AL7011024010101"].has_battery


def test_power() -> None:
    """The sample: exporting 310 W, charging with 1825 W."""
    power = driver.power(samples.LAST_POWER, NOW)
    assert power == Power(
        observed_at=NOW,
        solar=3120.0,
        grid=-310.0,
        battery=-1825.0,
        load=985.0,
        soc=62.4,
        ev=0.0,
        solar_strings=(1710.0, 1410.0, 0.0, 0.0),
        solar_external=0.0,
        grid_phases=(-310.0, 0.0, 0.0),
        inverter_phases=(1241.0, 0.0, 0.0),
        ev_chargers=(None, None, None, None),
    )
    assert not power.empty


def test_a_load_below_zero_is_a_glitch() -> None:
    """It is computed from values of different moments: not shown, the rest is."""
    power = driver.power({**samples.LAST_POWER, "pload": -7800.0}, NOW)
    assert power.load is None
    assert power.solar == 3120.0
    assert driver.power({**samples.LAST_POWER, "pload": 0}, NOW).load == 0.0


def test_no_live_values() -> None:
    """All null, and the same without any field."""
    assert driver.power(samples.NO_POWER, NOW).empty
    assert driver.power({}, NOW).empty


def record(at: str = "2026-05-03 13:10:04", **changes: Any) -> dict[str, Any]:
    return {**samples.DAY_POWER[0], "uploadTime": at, **changes}


def test_the_curve_instead_of_live_values() -> None:
    """Grid + imports; the battery follows from the balance, + discharges."""
    power = driver.power_of_records(
        [
            record(),
            record("2026-05-03 13:11:04", load=1500, ppv=400, feedIn=0, gridCharge=250),
            record("2026-05-03 13:05:04"),
        ],
        NOW,
        BERLIN,
    )
    assert power == Power(
        observed_at=datetime(2026, 5, 3, 11, 11, 4, tzinfo=UTC),
        solar=400.0,
        grid=250.0,
        battery=850.0,
        load=1500.0,
        soc=62.0,
        ev=0.0,
    )


def test_the_curve_while_the_battery_charges() -> None:
    """3105 W of sun, 960 W in the house, 305 W to the grid: 1840 W into the battery."""
    power = driver.power_of_records(samples.DAY_POWER, NOW, BERLIN)
    assert (power.grid, power.battery) == (-305.0, -1840.0)


@pytest.mark.parametrize("missing", ["ppv", "load", "feedIn", "gridCharge"])
def test_the_balance_needs_all_of_it(missing: str) -> None:
    """A part that is not said is not guessed."""
    power = driver.power_of_records([{**record(), missing: None}], NOW, BERLIN)
    assert power.battery is None
    assert (power.grid is None) == (missing in {"feedIn", "gridCharge"})


@pytest.mark.parametrize(
    "raw",
    [None, [], {}, [{"ppv": 1}], [record("2026-05-03 13:01:59")], [record("x")]],
)
def test_a_curve_that_has_ended(raw: Any) -> None:
    """A record of more than ten minutes ago is not "now"."""
    with pytest.raises(BadDataError) as caught:
        driver.power_of_records(raw, NOW, BERLIN)
    assert caught.value.reason == "no_recent_data"


def test_a_record_from_the_future() -> None:
    """The vendor's clock is a little ahead: it was true at most now."""
    power = driver.power_of_records([record("2026-05-03 13:12:30")], NOW, BERLIN)
    assert power.observed_at == NOW


def test_day_energy() -> None:
    """The sample, and what follows from it (alphaess.md 9.1)."""
    energy = driver.day_energy(samples.DATE_ENERGY, NOW, DAY)
    assert energy == DayEnergy(
        observed_at=NOW,
        day=DAY,
        solar=21.6,
        imported=3.41,
        exported=9.87,
        charged=8.3,
        discharged=6.9,
        charged_from_grid=0.0,
        ev=0.0,
        load=13.74,
        solar_to_battery=8.3,
        solar_to_load=3.43,
        grid_to_load=3.41,
    )


def test_what_follows_is_never_negative() -> None:
    """Roundings of the vendor's values do not make a flow run backwards."""
    wire = {**samples.DATE_ENERGY, "eCharge": 1.0, "eGridCharge": 1.02, "eInput": 1.01}
    energy = driver.day_energy(wire, NOW, DAY)
    assert (energy.solar_to_battery, energy.grid_to_load) == (0.0, 0.0)


def test_energy_with_a_gap() -> None:
    """What needs the missing value is missing too."""
    energy = driver.day_energy({**samples.DATE_ENERGY, "eGridCharge": None}, NOW, DAY)
    assert energy.solar == 21.6
    assert energy.load is not None
    assert energy.solar_to_battery is energy.solar_to_load is None
    assert energy.grid_to_load is None


def test_the_energies_of_another_day() -> None:
    """They are refused; an answer without a date is that of the day asked for."""
    with pytest.raises(BadDataError):
        driver.day_energy(samples.DATE_ENERGY, NOW, DAY + timedelta(days=1))
    undated = {**samples.DATE_ENERGY, "theDate": None}
    assert driver.day_energy(undated, NOW, DAY).solar == 21.6


@pytest.mark.parametrize("raw", [samples.DATE_ENERGY, samples.DAY_POWER])
def test_the_answer_of_another_system(raw: Any) -> None:
    """What names its system must name the one that was asked for."""
    driver.check_serial(raw, "AL7011024010101")
    driver.check_serial(raw, "al7011024010101")
    with pytest.raises(BadDataError):
        driver.check_serial(raw, "ALD0310240202")


@pytest.mark.parametrize("raw", [None, {}, [], "x", {"sysSn": None}, [{"sysSn": ""}]])
def test_an_answer_that_names_no_system(raw: Any) -> None:
    """Most answers do not."""
    driver.check_serial(raw, "AL7011024010101")


def test_blank_energies() -> None:
    """Zeros around midnight are no values: the guard must not take them as such."""
    wire = dict.fromkeys(samples.DATE_ENERGY, 0) | {"theDate": "2026-05-03"}
    energy = driver.day_energy(wire, NOW, DAY)
    assert energy == DayEnergy(observed_at=NOW, day=DAY)


def test_summary() -> None:
    """Fractions become percent; the day is the site's."""
    summary = driver.summary(samples.SUM_DATA, NOW, BERLIN)
    assert summary == Summary(
        observed_at=NOW,
        day=DAY,
        solar_total=15320.4,
        load_today=13.74,
        income_today=2.41,
        income_total=2963.1,
        currency="EUR",
        self_consumption=54.0,
        self_sufficiency=75.0,
        co2_avoided=13175.5,
        trees=2623.9,
    )
    late = datetime(2026, 5, 3, 22, 30, tzinfo=UTC)
    assert driver.summary({}, late, BERLIN).day == date(2026, 5, 4)


@pytest.mark.parametrize(
    ("money_type", "code"),
    [
        ("EUR", "EUR"),
        (" aud ", "AUD"),
        ("€", "EUR"),
        ("£", "GBP"),
        ("A$", "AUD"),
        ("NZ$", "NZD"),
        ("$", None),  # of many countries
        ("¤", None),
        ("EURO", None),
        (None, None),
    ],
)
def test_currency(money_type: str | None, code: str | None) -> None:
    """ISO codes as they are, signs if they are of one currency."""
    assert driver.currency(money_type) == code


def test_legacy_settings() -> None:
    """Both sides of the legacy store."""
    raw = {"charge": samples.CHARGE, "discharge": samples.DISCHARGE}
    settings = driver.settings(raw, NOW)
    assert settings.mode is driver.ScheduleMode.LEGACY
    assert (settings.charge_enabled, settings.discharge_enabled) == (False, True)
    assert (settings.charge_limit, settings.discharge_limit) == (100.0, 10.0)
    off = Window(start=time(0), end=time(0))
    assert settings.charge_windows == (Window(start=time(1), end=time(5)), off)
    assert settings.discharge_windows == (Window(start=time(17), end=time(21)), off)


def test_periodic_settings() -> None:
    """The flags of the periodic store always read 0, so they are unknown."""
    settings = driver.settings({"periodic": samples.PERIODIC}, NOW)
    assert settings.mode is driver.ScheduleMode.PERIODIC
    assert settings.charge_enabled is settings.discharge_enabled is None
    assert (settings.charge_limit, settings.discharge_limit) == (90.0, 15.0)
    assert settings.charge_windows == (Window(start=time(2), end=time(5)),)
    assert settings.discharge_periods is not None
    assert len(settings.discharge_periods) == 1
    one_side = driver.settings({"periodic": {"chargeTimeList": []}}, NOW)
    assert (one_side.charge_limit, one_side.charge_windows) == (None, ())
    assert one_side.discharge_windows is None
    assert one_side.discharge_periods is None


@pytest.mark.parametrize("raw", [{}, None, {"charge": samples.CHARGE}])
def test_unreadable_settings(raw: Any) -> None:
    """Half of the legacy store is no store, and says nothing of windows."""
    settings = driver.settings(raw, NOW)
    assert settings.mode is driver.ScheduleMode.UNKNOWN
    assert settings.charge_windows is settings.discharge_windows is None


@pytest.mark.parametrize(
    "raw",
    [
        {"charge": {}, "discharge": {}},
        {"charge": samples.CHARGE, "discharge": {}},
        {"charge": {}, "discharge": samples.DISCHARGE},
        {"charge": samples.CHARGE, "discharge": dict.fromkeys(samples.DISCHARGE)},
        {"periodic": {}},
        {"periodic": {**samples.PERIODIC, "chargeTimeList": None} | BLANK_SIDE},
    ],
)
def test_settings_without_their_fields(raw: Any) -> None:
    """An answer that says nothing is no schedule without windows."""
    with pytest.raises(BadDataError):
        driver.settings(raw, NOW)


def test_chargers() -> None:
    """The list by serial; entries without one are left out."""
    raw = [*samples.CHARGERS, {"evchargerModel": "x"}, None]
    assert list(driver.chargers(raw, NOW).chargers) == ["ALP0110240303"]


@pytest.mark.parametrize(
    ("status", "plugged_in", "charging"),
    [
        (ChargerStatus.AVAILABLE, False, False),
        (ChargerStatus.PREPARING, True, False),
        (ChargerStatus.CHARGING, True, True),
        (ChargerStatus.SUSPENDED_EVSE, True, False),
        (ChargerStatus.SUSPENDED_EV, True, False),
        (ChargerStatus.FINISHING, True, False),
        (ChargerStatus.FAULTED, None, False),
        (None, None, None),
    ],
)
def test_charger_state(
    status: ChargerStatus | None, plugged_in: bool | None, charging: bool | None
) -> None:
    """Plugged in with the states 2 to 6, charging with 3 (alphaess.md 9.3)."""
    state = driver.ChargerState(observed_at=NOW, status=status)
    assert (state.plugged_in, state.charging) == (plugged_in, charging)
