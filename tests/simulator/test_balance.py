"""The balance of one block: nothing is lost and no limit is passed."""

import math

from hypothesis import given, strategies as st
import pytest

from simulator.balance import SELF_USE, Command, Demand, Flow, Mode, balance
from simulator.spec import HouseSpec

HOUR_FRACTIONS = st.floats(1 / 3600, 1 / 60)
POWERS = st.floats(0, 40_000)
PERCENT = st.floats(0, 100)

SPECS = st.builds(
    HouseSpec,
    pv_peak_w=st.floats(0, 20_000),
    inverter_limit_w=st.floats(0, 12_000),
    battery_capacity_wh=st.one_of(st.just(0.0), st.floats(1_000, 30_000)),
    max_charge_w=st.floats(0, 12_000),
    max_discharge_w=st.floats(0, 12_000),
    round_trip_efficiency=st.floats(0.5, 1),
    floor_percent=st.floats(0, 50),
    import_limit_w=st.floats(0, 30_000),
)
COMMANDS = st.builds(
    Command,
    mode=st.sampled_from(Mode),
    power_w=st.none() | st.floats(0, 15_000),
    target_soc=st.none() | PERCENT,
    grid_charge=st.booleans(),
    surplus_on_top=st.booleans(),
    solar_first=st.booleans(),
    discharge_allowed=st.booleans(),
    discharge_limit_w=st.none() | st.floats(0, 15_000),
    charge_limit_w=st.none() | st.floats(0, 15_000),
    pv_limit_w=st.none() | st.floats(0, 15_000),
    output_limit_w=st.none() | st.floats(0, 15_000),
    export_limit_w=st.none() | st.floats(0, 15_000),
    min_soc=PERCENT,
    max_soc=PERCENT,
)
DEMANDS = st.builds(Demand, POWERS, POWERS, st.floats(0, 11_000))


@given(SPECS, COMMANDS, DEMANDS, PERCENT, HOUR_FRACTIONS, st.booleans())
def test_every_block_balances_within_its_limits(
    spec: HouseSpec,
    command: Command,
    want: Demand,
    soc: float,
    hours: float,
    grid: bool,
) -> None:
    stored = spec.battery_capacity_wh * soc / 100
    flow = balance(spec, command, want, stored, hours, grid=grid)

    assert flow.pv_w + flow.grid_w + flow.battery_w == flow.load_w
    assert 0 <= flow.pv_w <= want.pv_w
    assert 0 <= flow.ev_w <= min(want.ev_w, flow.load_w)
    assert -spec.max_charge_w <= flow.battery_w <= spec.max_discharge_w
    # 1/1024 W is the grid of powers
    output = flow.pv_w + flow.battery_w
    assert -spec.inverter_limit_w - 0.001 <= output <= spec.inverter_limit_w + 0.001
    assert 0 <= flow.grid_charge_w <= max(-flow.battery_w, 0)
    if command.pv_limit_w is not None:
        assert flow.pv_w <= command.pv_limit_w
    if command.output_limit_w is not None:
        assert output <= command.output_limit_w + 0.001
    if grid and command.export_limit_w is not None:
        assert flow.grid_w >= -command.export_limit_w - 0.001
    assert flow.grid_charge_w <= max(flow.grid_w, 0) or not grid
    if command.mode is Mode.SELF_USE:
        assert flow.grid_charge_w == 0
    if not grid:
        assert flow.grid_w == 0
        assert flow.grid_charge_w == 0
    elif flow.battery_w < 0 or flow.ev_w:
        # Without charging of battery or car there was that much: what the inverter
        # holds back of the sun charges the battery, and serves nobody
        limits = (spec.inverter_limit_w, command.output_limit_w, command.pv_limit_w)
        served = min(want.pv_w, *(limit for limit in limits if limit is not None))
        household = want.load_w - served
        assert flow.grid_w <= max(spec.import_limit_w, household) + 0.01


@given(SPECS, COMMANDS, DEMANDS, PERCENT, HOUR_FRACTIONS, st.booleans())
def test_a_battery_never_leaves_its_bounds(
    spec: HouseSpec,
    command: Command,
    want: Demand,
    soc: float,
    hours: float,
    grid: bool,
) -> None:
    stored = spec.battery_capacity_wh * soc / 100
    flow = balance(spec, command, want, stored, hours, grid=grid)
    after = stored_after(spec, flow, stored, hours)

    if flow.battery_w > 0:
        assert after >= spec.floor_wh - 1e-6
    if flow.battery_w < 0:
        assert after <= spec.battery_capacity_wh + 1e-6
    if flow.end_wh is not None:
        # A full or empty battery is exactly that, up to the grid of powers
        assert after == pytest.approx(flow.end_wh, abs=0.001)


def stored_after(spec: HouseSpec, flow: Flow, stored: float, hours: float) -> float:
    one_way = math.sqrt(spec.round_trip_efficiency)
    if flow.battery_w < 0:
        return stored - flow.battery_w * one_way * hours
    return stored - flow.battery_w / one_way * hours


MINUTE = 1 / 60
SPEC = HouseSpec()
HALF = SPEC.battery_capacity_wh / 2


def run(command: Command, want: Demand, stored: float = HALF, **options: bool) -> Flow:
    return balance(SPEC, command, want, stored, MINUTE, **options)


def test_self_use_stores_a_surplus() -> None:
    flow = run(SELF_USE, Demand(3000, 1000, 0))
    assert (flow.battery_w, flow.grid_w) == (-2000, 0)


def test_self_use_covers_the_load() -> None:
    flow = run(SELF_USE, Demand(300, 1000, 0))
    assert (flow.battery_w, flow.grid_w) == (700, 0)


def test_discharge_not_allowed_imports() -> None:
    flow = run(Command(discharge_allowed=False), Demand(300, 1000, 0))
    assert (flow.battery_w, flow.grid_w) == (0, 700)


def test_min_soc_stops_the_discharge() -> None:
    flow = run(Command(min_soc=60), Demand(0, 1000, 0))
    assert (flow.battery_w, flow.grid_w) == (0, 1000)


def test_charge_from_the_grid() -> None:
    flow = run(Command(mode=Mode.CHARGE, power_w=3000), Demand(500, 1000, 0))
    assert (flow.battery_w, flow.grid_w, flow.grid_charge_w) == (-3000, 3500, 3000)


def test_charge_counts_the_solar_part_as_solar() -> None:
    flow = run(Command(mode=Mode.CHARGE, power_w=3000), Demand(2000, 500, 0))
    assert (flow.battery_w, flow.grid_w, flow.grid_charge_w) == (-3000, 1500, 1500)


def test_charge_without_grid_takes_the_surplus_only() -> None:
    flow = run(
        Command(mode=Mode.CHARGE, power_w=3000, grid_charge=False),
        Demand(2000, 500, 0),
    )
    assert (flow.battery_w, flow.grid_w) == (-1500, 0)


def test_the_sun_can_charge_before_it_serves_the_load() -> None:
    command = Command(
        mode=Mode.CHARGE, power_w=3000, grid_charge=False, solar_first=True
    )
    flow = run(command, Demand(2000, 500, 0))
    assert (flow.battery_w, flow.grid_w, flow.grid_charge_w) == (-2000, 500, 0)


def test_a_limit_of_charging_leaves_the_rest_to_the_grid() -> None:
    flow = run(Command(charge_limit_w=500), Demand(3000, 1000, 0))
    assert (flow.battery_w, flow.grid_w) == (-500, -1500)


def test_a_limit_of_the_output_curtails_the_sun() -> None:
    full = SPEC.battery_capacity_wh
    flow = run(Command(output_limit_w=2000), Demand(3000, 1000, 0), full)
    assert (flow.pv_w, flow.grid_w) == (2000, -1000)


def test_a_limit_of_the_export_curtails_sun_and_battery() -> None:
    full = SPEC.battery_capacity_wh
    flow = run(Command(export_limit_w=500), Demand(3000, 1000, 0), full)
    assert (flow.pv_w, flow.grid_w) == (1500, -500)
    command = Command(mode=Mode.DISCHARGE, power_w=4000, export_limit_w=500)
    flow = run(command, Demand(200, 1000, 0))
    assert (flow.battery_w, flow.grid_w) == (1300, -500)


def test_charge_ends_at_its_target() -> None:
    flow = run(Command(mode=Mode.CHARGE, target_soc=50), Demand(0, 500, 0))
    assert (flow.battery_w, flow.grid_w) == (0, 500)


def test_surplus_on_top_of_a_small_set_point() -> None:
    command = Command(mode=Mode.CHARGE, power_w=100, surplus_on_top=True)
    assert run(command, Demand(3000, 1000, 0)).battery_w == -2000


def test_forced_discharge_exports() -> None:
    flow = run(Command(mode=Mode.DISCHARGE, power_w=4000), Demand(0, 1000, 0))
    assert (flow.battery_w, flow.grid_w) == (4000, -3000)


def test_hold_leaves_everything_to_the_grid() -> None:
    flow = run(Command(mode=Mode.HOLD), Demand(3000, 1000, 0))
    assert (flow.battery_w, flow.grid_w) == (0, -2000)


@pytest.mark.parametrize(
    ("command", "grid", "battery_w"),
    [(Command(mode=Mode.HOLD), True, -22), (SELF_USE, True, 500), (SELF_USE, False, 0)],
)
def test_standing_still_takes_power_from_the_grid_only(
    command: Command, grid: bool, battery_w: float
) -> None:
    spec = HouseSpec(standby_w=22)
    stored = HALF if grid else spec.floor_wh
    flow = balance(spec, command, Demand(0, 500, 0), stored, 1 / 60, grid=grid)
    assert flow.battery_w == battery_w
    assert flow.grid_w == (500 - battery_w if grid else 0)


def test_inverter_limit_curtails_what_the_battery_does_not_take() -> None:
    flow = run(SELF_USE, Demand(9000, 1000, 0), SPEC.battery_capacity_wh)
    assert (flow.pv_w, flow.grid_w) == (5000, -4000)
    flow = run(SELF_USE, Demand(9000, 6000, 0))
    assert (flow.pv_w, flow.battery_w, flow.grid_w) == (8000, -3000, 1000)


def test_off_grid_curtails_solar() -> None:
    flow = run(SELF_USE, Demand(5000, 1000, 0), SPEC.battery_capacity_wh, grid=False)
    assert (flow.pv_w, flow.load_w, flow.battery_w) == (1000, 1000, 0)


def test_off_grid_sheds_the_car_before_the_household() -> None:
    flow = run(SELF_USE, Demand(0, 1000, 11_000), grid=False)
    assert (flow.load_w, flow.ev_w, flow.battery_w) == (5000, 4000, 5000)
    flow = run(SELF_USE, Demand(200, 1000, 0), SPEC.floor_wh, grid=False)
    assert (flow.load_w, flow.pv_w, flow.battery_w) == (200, 200, 0)


def test_the_house_connection_limits_the_charging() -> None:
    flow = run(Command(mode=Mode.CHARGE), Demand(0, 14_000, 0))
    assert (flow.battery_w, flow.grid_w) == (-3000, 17_000)
    flow = run(Command(discharge_allowed=False), Demand(0, 10_000, 11_000))
    assert (flow.ev_w, flow.grid_w) == (7000, 17_000)


def test_a_spec_refuses_nonsense() -> None:
    for wrong in (
        {"phases": 2},
        {"strings": 5},
        {"round_trip_efficiency": 0},
        {"floor_percent": 101},
        {"max_charge_w": -1},
    ):
        with pytest.raises(ValueError, match=r"."):
            HouseSpec(**wrong)  # type: ignore[arg-type]
