"""What an account was asked lately."""

from datetime import datetime

from .budget import Budget
from .decode import mapping

_HOUR = 3600.0


def calls_last_hour(budget: Budget, now: datetime) -> dict[str, int]:
    """Return the requests of the last 60 minutes per group, the most first.

    Only groups that fall under a rule of the budget are in it.
    """
    since = now.timestamp() - _HOUR
    counts = {
        group: sum(1 for moment in moments if moment is not None and moment > since)
        for group, moments in mapping(budget.dump().get("times")).items()
    }
    by_count = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return {group: count for group, count in by_count if count}
