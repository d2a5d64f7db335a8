"""Who is let in: application, encryption, quota and tokens (reference section 4.2)."""

from collections.abc import Iterable
from datetime import datetime
from fnmatch import fnmatchcase
import re
from typing import Any

from .frame import Frame
from .login import Login
from .oauth import OAuth
from .quota import Quota
from .refusal import BadToken, Refusal, WrongToken
from .switches import WireSwitches
from .users import Application

SECRET_LENGTH = 32
SYS_CODE = "901"
_SKEW_S = 300.0
_NONCE = re.compile(r"[0-9A-Za-z]{32}")
_LOGIN_TOKEN = re.compile(r"\d+_[0-9a-f]{32}")


class Gate:
    """Checks calls in the order in which the gateway does."""

    def __init__(
        self,
        application: Application,
        switches: WireSwitches,
        quota: Quota,
        oauth: OAuth,
        login: Login,
    ) -> None:
        """Let in who knows the application."""
        self._application = application
        self._switches = switches
        self._quota = quota
        self._oauth = oauth
        self._login = login
        self._nonces: set[str] = set()

    def check_application(self, frame: Frame) -> None:
        """Raise Refusal unless Appkey and secret are right."""
        app_key = frame.body.get("appkey")
        if not app_key:
            raise Refusal("001")
        if app_key != self._application.app_key:
            raise Refusal("E00000")
        secret = frame.headers.get("x-access-key")
        if not secret:
            raise Refusal("E911")
        if len(secret) != SECRET_LENGTH:
            raise Refusal("E912")
        if secret != self._application.secret:
            raise Refusal("E914")

    def check_encryption(self, frame: Frame, now: datetime) -> None:
        """Raise Refusal for what is wrong with encryption, nonce or time."""
        if frame.key is None:
            if frame.problem:
                raise Refusal(frame.problem)
            if self._switches.encryption == "required":
                raise Refusal("E902")
        elif frame.problem:
            raise Refusal(frame.problem)
        parameter = frame.body.get("api_key_param")
        if isinstance(parameter, dict):
            self._check_parameter(parameter, now)
        elif frame.key is not None:
            raise Refusal("E906")

    def admit(self, frame: Frame, now: datetime) -> None:
        """Raise Refusal unless a business call or a login may be answered at all."""
        self.check_encryption(frame, now)
        self.check_application(frame)
        if frame.v1 and frame.headers.get("sys_code") != SYS_CODE:
            raise Refusal("003")
        if self._switches.refusal:
            raise Refusal(self._switches.refusal)
        if code := self._quota.spend(frame.endpoint):
            raise Refusal(code)
        if is_in(frame.endpoint, self._switches.forbidden):
            raise Refusal("E900")

    def plants(self, frame: Frame) -> set[str]:
        """Return the ids that the call's token may see.

        Raises Refusal without a token, WrongToken for one of the other flavour and
        BadToken for one that does not count.
        """
        token = frame.body.get("token") or frame.headers.get("token")
        bearer = frame.bearer
        if not bearer and not token:
            raise Refusal("002")
        if frame.v1:
            user = self._login.user_of(str(token))
            if user is not None:
                return user.plants
            if not token or self._oauth.plants_of(str(token)) is not None:
                raise WrongToken
        else:
            if not bearer or _LOGIN_TOKEN.fullmatch(bearer):
                raise WrongToken
            seen = self._oauth.plants_of(bearer)
            if seen is not None:
                return seen
        raise BadToken

    def _check_parameter(self, parameter: dict[str, Any], now: datetime) -> None:
        nonce, timestamp = str(parameter.get("nonce")), str(parameter.get("timestamp"))
        if not _NONCE.fullmatch(nonce):
            raise Refusal("E907")
        if not timestamp.isdigit():
            raise Refusal("E908")
        if abs(int(timestamp) / 1000 - now.timestamp()) > _SKEW_S:
            raise Refusal("E913")
        if self._switches.nonces_refused:
            self._switches.nonces_refused -= 1
            raise Refusal("E910")
        if nonce in self._nonces:
            raise Refusal("E910")
        self._nonces.add(nonce)


def is_in(endpoint: str, globs: Iterable[str]) -> bool:
    """Return whether one of the globs matches an endpoint."""
    return any(fnmatchcase(endpoint, glob) for glob in globs)
