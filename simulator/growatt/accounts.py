"""Several accounts, each with a cloud of its own: one for each home."""

from dataclasses import replace

from ..clock import Clock, system_clock
from .account import TOKEN, USER_ID, USER_NAME
from .homes import default_homes
from .server import GrowattSimulator


def account_per_home(
    homes: int,
    *,
    clock: Clock = system_clock,
    seed: int = 1,
    time_zone: str = "Europe/Berlin",
) -> list[GrowattSimulator]:
    """Return as many simulators as there are usual homes.

    The list of an account's devices may be read once in five minutes, so that a client
    knows of several plants late; that of one plant it knows at once.
    """
    simulators = []
    for number, home in enumerate(default_homes(homes, seed=seed, time_zone=time_zone)):
        simulator = GrowattSimulator(clock=clock, homes=[home])
        user_name, token = credentials_of(number)
        simulator.account = replace(
            simulator.account,
            user_name=user_name,
            user_id=USER_ID + number,
            token=token,
        )
        simulators.append(simulator)
    return simulators


def credentials_of(number: int) -> tuple[str, str]:
    """Return user name and token of an account by its place; all share a password."""
    if number == 0:
        return USER_NAME, TOKEN
    return f"{USER_NAME}{number}", f"{number:02x}{TOKEN[2:]}"
