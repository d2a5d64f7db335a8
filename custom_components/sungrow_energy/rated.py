"""The rated power that a model's code tells (reference section 6.2, 10005)."""

import re

# SH10RT, SH6.0RS, SH3K6, SG110CX, SH5.0RT-20, SG5KTL-MT, S1600S (micro, in W)
_MODEL = re.compile(r"^S[HG](\d{1,4})(?:\.(\d))?(K(\d)?)?", re.IGNORECASE)
_WATTS = 1000.0
# What is larger is no inverter of one string of digits.
_MOST = 10_000_000.0


def rated_power(model: str | None) -> float | None:
    """Return W of a hybrid's or inverter's model code, None if it does not tell.

    ``SH10RT-V112`` is 10 kW, ``SH3.6RS`` 3.6 kW, ``SH3K6`` 3.6 kW, ``SH5K-30`` 5 kW.
    """
    if model is None or (found := _MODEL.match(model.strip())) is None:
        return None
    whole, tenths, _, after_k = found.groups()
    kilowatts = float(f"{whole}.{tenths or after_k or 0}")
    watts = round(kilowatts * _WATTS, 1)
    return watts if 0 < watts <= _MOST else None
