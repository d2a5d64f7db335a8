"""The zone of a place of which only the distance from UTC is known."""

from datetime import datetime, timedelta, timezone, tzinfo


def zone_of(distance: timedelta, home: tzinfo, now: datetime) -> tzinfo:
    """Return ``home`` if it is so far from UTC in one of the seasons.

    A bare offset knows no summer time, and of a vendor's nobody knows whether it
    follows that: Home Assistant's own zone is the better one where it can be. Else the
    fixed offset, which is to be less than a day.
    """
    seasons = (datetime(now.year, month, 1, tzinfo=home) for month in (1, 7))
    if distance in {at.utcoffset() for at in seasons}:
        return home
    return timezone(distance)
