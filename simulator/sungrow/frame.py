"""What every call and every answer is wrapped in (reference sections 2.1 and 2.6)."""

from dataclasses import dataclass, field
import json
from typing import Any, Final, Self
import uuid

from aiohttp import web

from .crypt import NotDecrypted, decrypt, encrypt, key_of

RANDOM_KEY: Final = "x-random-secret-key"
_PREFIX: Final = "openapi/"
_PLANT_FIELDS = ("ps_id", "ps_ids", "ps_id_list")
_OTHER_FIELDS = ("ps_key", "ps_key_list", "uuid", "sn", "user_account")
_CHINESE = (None, "", "_zh_CN", "_zh_TW")


@dataclass(slots=True)
class Frame:
    """One call as it came in, decrypted."""

    endpoint: str
    """Path below `/openapi/`, the whole path elsewhere."""
    headers: dict[str, str]
    """By the name in lower case."""
    body: dict[str, Any] = field(default_factory=dict)
    key: bytes | None = None
    """Of the answer's encryption; None is a plain call."""
    problem: str | None = None
    """Code of what is wrong with body or encryption."""

    @classmethod
    async def of(cls, request: web.Request) -> Self:
        """Read a request; what is wrong with it is in `problem`."""
        path = request.path.strip("/")
        headers = {name.lower(): value for name, value in request.headers.items()}
        frame = cls(path.removeprefix(_PREFIX), headers)
        if request.method != "POST":
            return frame
        try:
            text = await request.text()
        except UnicodeDecodeError, LookupError:
            text = ""
        try:
            if header := headers.get(RANDOM_KEY):
                frame.key = key_of(header)
                text = decrypt(frame.key, text)
        except NotDecrypted as err:
            frame.problem = "E904" if err.args == ("key",) else "E905"
            return frame
        frame._read(text)
        return frame

    def _read(self, text: str) -> None:
        try:
            document = json.loads(text or "{}")
        except ValueError:
            document = None
        if isinstance(document, dict):
            self.body = document
        else:
            self.problem = "010"

    @property
    def v1(self) -> bool:
        """Whether it is a call of the account login's side."""
        return not self.endpoint.startswith("platform/")

    @property
    def bearer(self) -> str | None:
        """Token of the `Authorization` header."""
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if kind.lower() == "bearer" else None

    @property
    def chinese(self) -> bool:
        """Whether no other language is asked for."""
        return self.body.get("lang") in _CHINESE

    @property
    def system(self) -> str | None:
        """What the call is about: a plant's id, a key, a `uuid` or an account."""
        for name in (*_PLANT_FIELDS, *_OTHER_FIELDS):
            value = self.body.get(name)
            first = value[0] if isinstance(value, list) and value else value
            if isinstance(first, str | int) and first != "":
                return str(first).split(",", 1)[0]
        return None

    def respond(self, document: Any, status: int = 200) -> web.Response:
        """Return an answer, encrypted if the call was."""
        text = json.dumps(document, ensure_ascii=False)
        if self.key is not None:
            text = encrypt(self.key, text)
        return web.Response(text=text, status=status, content_type="application/json")


def envelope(code: str, message: str, *, as_number: bool, **rest: Any) -> Any:
    """Return the document of an answer; `rest` comes behind its code."""
    shown: str | int = int(code) if as_number and _is_number(code) else code
    return {
        "req_serial_num": uuid.uuid4().hex,
        "result_code": shown,
        "result_msg": message,
        **rest,
    }


def _is_number(code: str) -> bool:
    """Return whether a code stays the same as an integer: `1` and `-1`, not `010`."""
    try:
        return str(int(code)) == code
    except ValueError:
        return False
