"""What an EV charger says (section 3.14 and 9, E).

A kW of its detail is what it may draw, that of its session what it draws.
"""

from .base import Factor, Kind, factor

_STATUS, _PLUG, _MODE = "charger_status", "plug", "charge_mode"

DETAIL: tuple[Factor, ...] = (
    Factor(
        "status",
        Kind.STATUS,
        ("status", "statusCode", "chargeStatus"),
        codes_of=_STATUS,
    ),
    Factor("plug", Kind.STATUS, ("workstate", "workState", "carState"), codes_of=_PLUG),
    Factor("mode", Kind.STATUS, ("chargeMode", "mode", "workMode"), codes_of=_MODE),
    factor("set_power", Kind.POWER, "chargePowerSetted", "chargeMaxPower"),
    factor("rated_power", Kind.POWER, "ratedMaxiChargePower", "ratedMaxChargePower"),
)
SESSION: tuple[Factor, ...] = (
    factor("charging_power", Kind.POWER, "pevChar"),
    factor("session_energy", Kind.ENERGY, "currentChargeQuantity"),
    factor("session_duration", Kind.MINUTES, "chargeTimeLength"),
)
