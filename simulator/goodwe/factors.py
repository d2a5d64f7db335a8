"""Groups of factors, the shape of telemetry and counters (reference section 3.6)."""

from typing import TYPE_CHECKING, Any, NamedTuple

from .spelling import Speller

if TYPE_CHECKING:
    from .switches import CloudSwitches


class Factor(NamedTuple):
    """One value; None is listed without a value."""

    code: str
    value: float | str | None
    unit: str | None = None
    digits: int = 3


type Groups = dict[str, list[Factor]]


def grouped(groups: Groups, cloud: CloudSwitches) -> list[dict[str, Any]]:
    """Return the answer of telemetry and counters."""
    return [
        {
            "code": code,
            "alias": f"{code}_parameters",
            "factors": listed(factors, cloud),
        }
        for code, factors in groups.items()
    ]


def listed(factors: list[Factor], cloud: CloudSwitches) -> list[dict[str, Any]]:
    """Return factors; what has no value is there without one, or not at all."""
    speller = Speller(cloud)
    return [
        {
            "code": factor.code,
            "data": _data(factor, speller),
            "dataType": "STRING" if isinstance(factor.value, str) else "NUMERIC",
            "unit": factor.unit,
            "alias": factor.code.lower(),
        }
        for factor in factors
        if factor.value is not None or not speller.left_out(factor.code)
    ]


def _data(factor: Factor, speller: Speller) -> Any:
    match factor.value:
        case None:
            return speller.nothing(factor.code)
        case str() as text:
            return text
        case number:
            # Adding 0 takes the sign of a negative zero away
            return speller.number(round(number, factor.digits) + 0.0, factor=True)
