"""Events of the import of usage."""

from functools import partial

from ._vendor.core.ha.entity import Candidate
from ._vendor.core.ha.import_entities import HISTORY_EVENTS, HistoryEvents
from .site import AmberSite


def usage_candidates(site: AmberSite) -> list[Candidate]:
    """Return the event entity that tells how an import of the past goes on."""
    make = partial(HistoryEvents, site.usage.history, site.site_id, site.device_info)
    return [(site.site_id, HISTORY_EVENTS.key, make)]
