"""Public API of Amber Electric, as a simulator."""

from .limits import Limits
from .market import REGIONS, Market
from .nem import NEM
from .protocol import Account
from .server import AmberSimulator
from .sites import TOKEN, Channel, Site, default_sites
from .tariff import Tariff
from .timing import QUANTILES, Timing, quantile
from .truth import ChannelSum, UsageTruth

__all__ = [
    "NEM",
    "QUANTILES",
    "REGIONS",
    "TOKEN",
    "Account",
    "AmberSimulator",
    "Channel",
    "ChannelSum",
    "Limits",
    "Market",
    "Site",
    "Tariff",
    "Timing",
    "UsageTruth",
    "default_sites",
    "quantile",
]
