"""GoodWe's SEMS+ cloud: login, gateway and live push."""

from .alarms import Alarm
from .device import Device
from .home import DeviceSpec, Home
from .homes import HOMES, default_homes
from .requests import Requests
from .server import GoodWeSimulator
from .session import ACCOUNT, PASSWORD, UID, Session
from .station import Station

__all__ = [
    "ACCOUNT",
    "HOMES",
    "PASSWORD",
    "UID",
    "Alarm",
    "Device",
    "DeviceSpec",
    "GoodWeSimulator",
    "Home",
    "Requests",
    "Session",
    "Station",
    "default_homes",
]
