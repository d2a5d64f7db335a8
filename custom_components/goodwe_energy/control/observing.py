"""What a plan and a look need to know of a plant (control.md, section 2)."""

from datetime import datetime, timedelta

from .._vendor.core.control.driver import Observation

# A force is refused on anything older.
FRESH = timedelta(minutes=15)


def observation_of(
    now: datetime,
    *,
    at: datetime | None,
    soc: float | None,
    battery: float | None,
    off_grid: bool | None,
    online: bool | None,
    obstacle: str | None = None,
) -> Observation:
    """Return what was last seen.

    ``at`` is the time of the flow (``refreshTime``), ``battery`` W (+ discharging),
    ``off_grid`` from ``gridStatus``, None where a plant does not tell.
    """
    return Observation(
        at=at,
        fresh=at is not None and now - at <= FRESH,
        soc=soc,
        battery=battery,
        off_grid=off_grid,
        reachable=online is not False,
        obstacle=obstacle,
    )
