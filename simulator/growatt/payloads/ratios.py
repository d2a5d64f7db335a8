"""Shares that the app shows beside its curves."""

from .electrics import Counters


def ratios(c: Counters) -> dict[str, str]:
    """Return `ratio1` to `ratio6`: shares of production and consumption."""
    out = c.exported / c.system if c.system else 0.0
    foreign = c.imported / c.load if c.load else 0.0
    stored = c.discharge / c.load if c.load else 0.0
    return {
        f"ratio{number}": f"{round(min(max(share, 0.0), 1.0) * 100, 1)}%"
        for number, share in enumerate(
            (1 - out, out, 1 - foreign, foreign, 1 - stored, stored), start=1
        )
    }
