"""Values of parameters as they are read and sent (reference sections 6.1 and 6.2)."""

from collections.abc import Mapping
from typing import Any

import pytest

from custom_components.sungrow_energy._vendor.core.control.intent import Value
from custom_components.sungrow_energy._vendor.core.control.outcome import Refusal
from custom_components.sungrow_energy.control.catalogue import find
from custom_components.sungrow_energy.control.encode import checked, decode, encode
from custom_components.sungrow_energy.control.parameter import Parameter
from custom_components.sungrow_energy.control.row import Row

FLAGS = {"170": "Enable", "85": "Disable"}
BITS = {"1": "开", "0": "关"}
COMMANDS = {"170": "Charge", "187": "Discharge", "204": "Stop"}


def parameter(name: str) -> Parameter:
    found = find(name)
    assert found is not None
    return found


def row(display: str | None, names: Mapping[str, str] | None = None) -> Row:
    return Row(code="1", display=display, names=names or {})


@pytest.mark.parametrize(
    ("name", "rows", "expected"),
    [
        ("10012", [row("170", FLAGS)], (True, True)),
        ("10012", [row("85")], (True, False)),
        ("10012", [row("1", BITS)], (True, True)),
        ("10012", [row("开", BITS)], (True, True)),
        ("10012", [row("7")], (False, False)),
        ("10004", [row("204", COMMANDS)], (True, "stop")),
        ("10004", [row("Charge", COMMANDS)], (True, "charge")),
        ("10004", [row("205", COMMANDS)], (True, "raw_205")),
        ("10004", [row(None)], (False, None)),
        ("10004", [row("soon")], (False, None)),
        ("10067", [row("1"), row("5")], (True, "01:05")),
        ("10067", [row("24"), row("0")], (True, "24:00")),
        ("10067", [row("25"), row("0")], (False, None)),
        ("10067", [row("1"), row(None)], (False, None)),
    ],
)
def test_what_was_read(name: str, rows: list[Row], expected: Any) -> None:
    known, value = decode(parameter(name), rows)
    assert known == expected[0]
    if known:
        assert value == expected[1]


@pytest.mark.parametrize(
    ("name", "value", "names", "kind", "expected"),
    [
        ("10012", True, FLAGS, 14, ["170"]),
        ("10012", True, BITS, 14, ["1"]),
        ("10012", False, {}, 14, ["85"]),
        ("10012", True, {}, 9, ["1"]),
        ("10012", False, {}, 9, ["0"]),
        ("10307", True, {}, 22, ["1"]),
        ("10004", "discharge", COMMANDS, 14, ["187"]),
        ("10004", "raw_205", {}, 14, ["205"]),
        ("10067", "01:05", {}, 14, ["1", "5"]),
        ("10067", "24:00", {}, 14, ["24", "0"]),
        ("10066", "weekdays", {}, 14, ["0"]),
    ],
)
def test_what_is_sent(
    name: str, value: Value, names: dict[str, str], kind: int, expected: list[str]
) -> None:
    one = parameter(name)
    sent = encode(one, value, [row("0", names)], raw=1.0, device_type=kind)
    assert [code for code, _ in sent] == list(one.codes)
    assert [raw for _, raw in sent] == expected


@pytest.mark.parametrize(
    ("name", "value", "key"),
    [
        ("10001", 69, "setting_range"),
        ("10001", "95", "unknown_setting"),
        ("10001", True, "unknown_setting"),
        ("10001", float("nan"), "not_a_number"),
        ("10067", "1:75", "unknown_setting"),
        ("10067", None, "unknown_setting"),
        ("10012", 1, "unknown_setting"),
        ("10004", 170, "unknown_setting"),
        ("10004", "magic", "unknown_mode"),
    ],
)
def test_what_the_device_cannot_hold_is_refused(
    name: str, value: Any, key: str
) -> None:
    with pytest.raises(Refusal, match=key):
        checked(parameter(name), value, [row("0"), row("0")], [1.0])


def test_a_choice_that_the_device_does_not_name_is_refused() -> None:
    """It would ignore it without a word."""
    with pytest.raises(Refusal, match="unknown_mode"):
        checked(parameter("10003"), "vpp", [row("0", {"0": "", "2": ""})], [1.0])


@pytest.mark.parametrize(
    ("name", "value", "raws", "expected"),
    [
        ("10001", 95.04, [10.0], 95),
        ("10005", 2509, [0.1, 1.0], 2500),
        ("10005", 2509, [1.0], 2509),
        ("10091", 3009, [0.1], 3000),
        ("10036", -0.9504, [1000.0], -0.95),
    ],
)
def test_power_is_rounded_down_and_others_to_the_nearest(
    name: str, value: float, raws: list[float], expected: float
) -> None:
    assert checked(parameter(name), value, [row("0")], raws) == expected
