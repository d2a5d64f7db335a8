"""Binding of systems to an account (alphaess.md 3.10 to 3.12)."""

from datetime import timedelta
from typing import Any

from ..noise import dice
from . import codes
from .protocol import ApiError, Call
from .system import AlphaSystem

# How long a code is good for is not documented
CODE_VALID = timedelta(minutes=10)


def verification_code(call: Call) -> Any:
    """3.10 getVerificationCode: mails a code; read it at `/_sim/alphaess`."""
    check_code = call.parameter("checkCode")
    system = _known_system(call, call.parameter("sysSn"))
    if not system.registered:
        raise ApiError(codes.NOT_REGISTERED)
    if check_code != system.home.check_code:
        raise ApiError(codes.CHECK_CODE)
    now = call.server.clock()
    draw = dice(system.house.spec.seed, "verification", int(now.timestamp()))
    system.verification_code = f"{draw.randrange(1_000_000):06d}"
    system.verification_until = now + CODE_VALID
    return system.verification_code if call.server.code_in_answer else None


def bind(call: Call) -> Any:
    """3.11 bindSn."""
    serial, code = call.required("sysSn", "code")
    system = _known_system(call, serial)
    if system.serial in call.account.bound:
        raise ApiError(codes.ALREADY_BOUND)
    if (
        system.verification_until is None
        or call.server.clock() > system.verification_until
        or str(code) != system.verification_code
    ):
        raise ApiError(codes.VERIFICATION_CODE)
    system.verification_code = system.verification_until = None
    call.account.bound.add(system.serial)


def unbind(call: Call) -> Any:
    """3.12 unBindSn."""
    (serial,) = call.required("sysSn")
    call.account.bound.remove(call.bound_system(serial).serial)


def _known_system(call: Call, serial: object) -> AlphaSystem:
    system = call.server.systems.get(str(serial))
    if system is None:
        raise ApiError(codes.UNKNOWN_SYSTEM)
    return system
