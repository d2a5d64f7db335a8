"""The power flow of a station (reference section 3.3)."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Literal

from ..house import Live

if TYPE_CHECKING:
    from .station import Station
    from .switches import CloudSwitches

_DIGITS = 3


def flow_of(
    live: Live,
    *,
    signs: Literal["signed", "unsigned"] = "signed",
    flows: bool = True,
    nodes: Collection[str] = (),
    battery: bool = True,
    signed_load: bool = False,
) -> dict[str, Any]:
    """Return powers in kW: `pBat` + discharges, `pGrid` + exports.

    Unsigned, only `flows` tells what goes where. A signed load is negative.
    """
    solar, stored = _kw(live.pv_w), _kw(live.battery_w) if battery else 0.0
    grid = _kw(-live.grid_w)
    document: dict[str, Any] = {
        "pSystem": solar,
        "pAc": round(solar + stored, _DIGITS),
        "pGrid": grid,
        # What the rounded ones make, so that they always agree
        "pConsum": round(solar + stored - grid, _DIGITS),
    }
    if battery:
        document |= {"pBat": stored, "soc": round(live.soc)}
    if "pEvChar" in nodes:
        document["pEvChar"] = _kw(live.ev_w)
    if flows or signs == "unsigned":
        document["flows"] = _directions(solar, stored, grid, document["pConsum"])
    if signed_load:
        document["pConsum"] = 0.0 - document["pConsum"]
    if signs == "unsigned":
        for name in ("pBat", "pGrid", "pConsum"):
            if name in document:
                document[name] = abs(document[name])
    return document


def _directions(
    solar: float, stored: float, grid: float, load: float
) -> dict[str, list[str]]:
    takers = {"pConsum": load > 0, "pBat": stored < 0, "pGrid": grid > 0}
    givers = {"pSystem": solar > 0, "pBat": stored > 0, "pGrid": grid < 0}
    flows = {
        giver: [taker for taker, takes in takers.items() if takes]
        for giver, gives in givers.items()
        if gives
    }
    return {giver: targets for giver, targets in flows.items() if targets}


def _kw(watts: float) -> float:
    # Adding 0 takes the sign of a negative zero away
    return round(watts / 1000, _DIGITS) + 0.0


def flow_document(station: Station, live: Live, cloud: CloudSwitches) -> dict[str, Any]:
    """Return what the station's flow says of a moment, without name and time."""
    home = station.home
    document = flow_of(
        live,
        signs=cloud.flow_signs,
        flows=cloud.flows,
        nodes=home.nodes,
        battery=home.has_battery,
        signed_load=cloud.signed_load,
    )
    return document | station.extras
