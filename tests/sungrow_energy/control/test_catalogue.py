"""The catalogue of parameters (reference section 6.2)."""

import pytest

from custom_components.sungrow_energy.control.catalogue import (
    PARAMETERS,
    find,
    parameters_of,
)

# Grid protection, duplicates, what is rejected, and the shutdown
NEVER = [*range(10038, 10046), *range(10101, 10121), 10006, 10011, 10015, 10016]


@pytest.mark.parametrize("code", NEVER)
def test_a_dangerous_code_cannot_be_addressed(code: int) -> None:
    assert find(str(code)) is None


def test_keys_and_codes_are_unique() -> None:
    names = [name for one in PARAMETERS for name in (one.key, *one.codes)]
    assert len(names) == len(set(names))


def test_a_parameter_is_found_by_key_and_by_each_code() -> None:
    start = find("forced_charging_1_start")
    assert start is not None
    assert start.codes == ("10067", "10068")
    assert find("10068") is find(" 10067 ") is start


def test_a_string_inverter_has_no_battery_settings() -> None:
    keys = {one.key for one in parameters_of(1)}
    assert {"feed_in_limitation", "active_power_limit_ratio"} <= keys
    assert keys.isdisjoint(
        {
            "energy_management_mode",
            "charge_discharge_command",
            "charge_discharge_power",
            "soc_lower_limit",
        }
    )


def test_persistence_of_limits_is_never_written() -> None:
    persistence = find("10032")
    assert persistence is not None
    assert not persistence.writable
