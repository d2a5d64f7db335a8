"""Endpoints of the live push (reference section 5)."""

from typing import Any

from .call import Call, Endpoint

_PREFIX = "sems-plant/api/second-data"


def enable(call: Call) -> bool:
    """`second-data/enable`: begin to push, if the plant can."""
    push = call.simulator.push
    return bool(push.enable(call.station().id))


def config(call: Call) -> dict[str, Any]:
    """`second-data/config`: credentials for one connection."""
    issued: dict[str, Any] = call.simulator.push.issue()
    return issued


SECOND_DATA_CALLS = {
    ("GET", f"{_PREFIX}/enable"): Endpoint(enable),
    ("GET", f"{_PREFIX}/config"): Endpoint(config),
}
