"""Sungrow's cloud iSolarCloud: OAuth, account login, plants and parameters."""

from .device import Device
from .home import DeviceSpec, Home
from .homes import HOMES, default_homes
from .oauth import OAuth, Tokens
from .plant import Plant
from .quota import Quota
from .server import SungrowSimulator
from .users import (
    APP_KEY,
    APPLICATION_ID,
    PASSWORD,
    REDIRECT_URIS,
    SECRET,
    USER_ID,
    USER_NAME,
    Application,
    User,
)

__all__ = [
    "APPLICATION_ID",
    "APP_KEY",
    "HOMES",
    "PASSWORD",
    "REDIRECT_URIS",
    "SECRET",
    "USER_ID",
    "USER_NAME",
    "Application",
    "Device",
    "DeviceSpec",
    "Home",
    "OAuth",
    "Plant",
    "Quota",
    "SungrowSimulator",
    "Tokens",
    "User",
    "default_homes",
]
