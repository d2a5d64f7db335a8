"""Growatt's cloud: the token protocols V1 and v4, and the one of the app."""

from .account import PASSWORD, TOKEN, USER_ID, USER_NAME, Account
from .accounts import account_per_home, credentials_of
from .device import Alarm, Device, Snapshot
from .families import Family
from .home import DeviceSpec, Home
from .homes import HOMES, default_homes
from .limits import Limits, Violation, rule_of
from .plant import Plant
from .server import GrowattSimulator

__all__ = [
    "HOMES",
    "PASSWORD",
    "TOKEN",
    "USER_ID",
    "USER_NAME",
    "Account",
    "Alarm",
    "Device",
    "DeviceSpec",
    "Family",
    "GrowattSimulator",
    "Home",
    "Limits",
    "Plant",
    "Snapshot",
    "Violation",
    "account_per_home",
    "credentials_of",
    "default_homes",
    "rule_of",
]
