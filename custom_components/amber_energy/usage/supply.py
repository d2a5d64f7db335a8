"""On which days there can be usage: those on which Amber supplied the site (3.1)."""

from datetime import date

from ..driver import Site, SiteStatus
from .plan import DAY, LATE, RETENTION_DAYS
from .state import UsageState


def is_supplied(site: Site | None) -> bool:
    """Tell whether there can be usage: not while the transfer is under way."""
    return site is None or site.status != SiteStatus.PENDING


def not_before(site: Site | None, day: date) -> date:
    """Return the day, or the first one of the supply if that is later."""
    if site is None or site.active_from is None:
        return day
    return max(day, site.active_from)


def was_supplied(site: Site | None, day: date) -> bool:
    """Tell whether the site was supplied on a day."""
    ended = site is not None and site.closed_on is not None and day > site.closed_on
    return not_before(site, day) == day and not ended


def due(
    state: UsageState, done_until: date, site: Site | None, today: date
) -> tuple[date, date]:
    """Return the first and the last day that are to be imported.

    There is none if the last one is before the first. Of a closed site nothing is
    expected any more that was asked for in vain on more days than ``LATE``.
    """
    first = not_before(site, max(done_until + DAY, today - RETENTION_DAYS * DAY))
    last = today - DAY
    if site is not None and site.status == SiteStatus.CLOSED:
        if site.closed_on is not None:
            last = min(last, site.closed_on)
        if len(state.waited) > LATE.days:
            last = min(last, done_until)
    return first, last
