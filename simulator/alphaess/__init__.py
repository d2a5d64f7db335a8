"""AlphaCloud Open API of AlphaESS, as a simulator."""

from ..setting import Setting
from .homes import APP_ID, APP_SECRET, Charger, Home, default_homes
from .journal import Effect, Write
from .protocol import Account
from .server import AlphaEssSimulator
from .system import AlphaSystem

__all__ = [
    "APP_ID",
    "APP_SECRET",
    "Account",
    "AlphaEssSimulator",
    "AlphaSystem",
    "Charger",
    "Effect",
    "Home",
    "Setting",
    "Write",
    "default_homes",
]
