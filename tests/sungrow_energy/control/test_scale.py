"""How much of a value is on the wire (reference section 6.1)."""

from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.sungrow_energy.control import scale
from custom_components.sungrow_energy.control.catalogue import find
from custom_components.sungrow_energy.control.parameter import Parameter
from custom_components.sungrow_energy.control.row import Row

from .rig import NoteBook


def parameter(name: str) -> Parameter:
    found = find(name)
    assert found is not None
    return found


def row(code: str, display: str, unit: str = "", precision: float | None = None) -> Row:
    return Row(code=code, display=display, unit=unit, precision=precision)


@pytest.mark.parametrize("precision", [0.1, None], ids=["told", "not_told"])
def test_95_percent_is_950_on_the_wire(precision: float | None) -> None:
    limit = parameter("10001")
    (raw,) = scale.Scales("SH10RT", NoteBook()).candidates(
        limit, row("10001", "100", "%", precision)
    )
    assert scale.on_wire(95, raw) == "950"


@pytest.mark.parametrize(
    ("name", "shown", "expected"),
    [
        ("10001", row("10001", "95", "%"), 95),
        ("10001", row("10001", "950"), 95),
        ("10002", row("10002", "5"), 5),
        ("10005", row("10005", "2.5", "kW", 0.01), 2500),
        ("10005", row("10005", "2500", "W"), 2500),
        ("10091", row("10091", "10.6", "kW", 0.01), 10600),
        ("10036", row("10036", "-0.95"), -0.95),
        ("10005", row("10005", "soon", "W"), None),
    ],
)
def test_what_was_read_is_in_the_unit_of_the_parameter(
    name: str, shown: Row, expected: float | None
) -> None:
    assert scale.shown(parameter(name), shown) == expected


@given(
    wanted=st.integers(100, 15_000),
    before=st.one_of(st.none(), st.integers(0, 15_000)),
    step=st.sampled_from([1.0, 10.0]),
    told=st.sampled_from([0.01, 0.1, 1.0]),
    truth=st.sampled_from([0.1, 1.0]),
)
def test_a_trial_finds_the_scale_and_never_moves_more_than_was_asked(
    wanted: int, before: int | None, step: float, told: float, truth: float
) -> None:
    raws = sorted({told, 1.0, 0.1})
    wire = scale.trial(wanted, before, raws, step)
    if wire is None:
        assert wanted < 2500
        return
    real = wire / truth
    assert 0 < real < wanted
    # A device shows a value to its own step, rounded
    reads = scale.nearest(real, step)
    assert scale.found(wire, reads, raws, step) == truth
    if before is not None:
        # One that stored nothing proves nothing
        assert scale.found(wire, before, raws, step) is None


def test_a_proven_scale_is_remembered_per_device_and_code() -> None:
    notes, power = NoteBook(), parameter("10005")
    shown = row("10005", "1", "kW", 0.01)
    scale.Scales("A1", notes).keep(power, shown, 0.1)
    assert scale.Scales("A1", notes).candidates(power, shown) == (0.1,)
    assert len(scale.Scales("A2", notes).candidates(power, shown)) == 2
    limit = parameter("10013")
    assert len(scale.Scales("A1", notes).candidates(limit, shown)) == 2


@pytest.mark.parametrize(
    "other", [row("10005", "1", "W", 0.01), row("10005", "1", "kW", 0.1)]
)
def test_a_scale_holds_while_the_device_tells_its_values_in_the_same_way(
    other: Row,
) -> None:
    scales, power = scale.Scales("A1", NoteBook()), parameter("10005")
    scales.keep(power, row("10005", "1", "kW", 0.01), 0.1)
    assert scales.known(power, row("10005", "7", "kW", 0.01)) == 0.1
    assert scales.known(power, other) is None


@pytest.mark.parametrize(
    ("before", "now", "known"),
    [
        ("1", "1", 0.1),
        ("1", "2", None),
        # Not read yet in this run
        ("1", "", 0.1),
        ("", "1", None),
    ],
)
def test_a_scale_holds_for_one_firmware(
    before: str, now: str, known: float | None
) -> None:
    notes, power = NoteBook(), parameter("10005")
    shown = row("10005", "1", "kW", 0.01)
    scale.Scales("A1", notes, lambda: before).keep(power, shown, 0.1)
    assert scale.Scales("A1", notes, lambda: now).known(power, shown) == known


@pytest.mark.parametrize("raw", [1.0, "1.0", {"raw": "soon"}, {"raw": 7.0}])
def test_a_note_that_tells_nothing_is_no_proof(raw: Any) -> None:
    notes, power = NoteBook(), parameter("10005")
    notes["scale/A1/10005"] = raw
    assert scale.Scales("A1", notes).known(power, row("10005", "1", "W")) is None


def test_a_scale_that_does_not_hold_any_more_is_forgotten() -> None:
    scales, power = scale.Scales("A1", NoteBook()), parameter("10005")
    usual = row("10005", "2500", "W")
    scales.keep(power, usual, 1.0)
    scales.doubt(power, usual, 2500)
    scales.doubt(power, row("10005", "1700", "W"), 2500)  # clamped
    assert scales.known(power, usual) == 1.0
    scales.doubt(power, row("10005", "25000", "W"), 2500)
    assert scales.known(power, usual) is None


def test_power_limits_without_a_unit_are_kw_if_they_have_fractions() -> None:
    limit = parameter("10091")
    told = row("10091", "10.6", "", 0.01)
    assert scale.shown(limit, told) == 10600
    (raw,) = scale.Scales("A1", NoteBook()).candidates(limit, told)
    assert scale.on_wire(5000, raw) == "500"
    # More than any of them can: then it is W
    assert scale.shown(limit, row("10091", "5000", "", 0.01)) == 5000


@pytest.mark.parametrize(
    ("watts", "raw", "sent"), [(1239, 0.1, "123"), (570, 1.0, "570")]
)
def test_power_is_never_rounded_up(watts: float, raw: float, sent: str) -> None:
    assert scale.power_on_wire(watts, raw) == sent


def test_what_reads_as_wanted_is_no_trial() -> None:
    """Somebody may have set just that, after a trial that nobody could read."""
    wire = scale.trial(5000, 8000, [0.1, 1.0], 1.0)
    assert wire is not None
    assert scale.found(wire, 5000, [0.1, 1.0], 1.0) is None
