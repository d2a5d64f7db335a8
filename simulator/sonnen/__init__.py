"""sonnenBatterie with its local JSON API v2, as a simulator."""

from ..journal import Effect, Write
from ..setting import Setting
from .battery import SonnenBattery
from .homes import TOKEN, Home, default_homes
from .server import SonnenSimulator
from .variants import Variant, variant

__all__ = [
    "TOKEN",
    "Effect",
    "Home",
    "Setting",
    "SonnenBattery",
    "SonnenSimulator",
    "Variant",
    "Write",
    "default_homes",
    "variant",
]
