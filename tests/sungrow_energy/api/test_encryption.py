"""Encrypted calls (reference section 2.6)."""

import base64
from collections.abc import Callable
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
import pytest

from custom_components.sungrow_energy._vendor.core.client.errors import (
    MaintenanceError,
    NotPermittedError,
    TransportError,
    WriteRejected,
)
from custom_components.sungrow_energy.api.encryption import (
    InvalidPublicKey,
    PublicKey,
    decrypt,
    encrypt,
    new_key,
)
from custom_components.sungrow_energy.api.frame import Application, Call, Frame
from tests.core.fake_clock import START, FakeClock

from .conftest import APPLICATION, Asked, Cloud, no, ok

KEY = "Q7w8E9r0T1y2U3i4"
PLAIN = (
    b'{"appkey":"0A1B2C3D4E5F60718293A4B5C6D7E8F9","user_account":"owner@example.com",'
    b'"user_password":"secret","api_key_param":{"nonce":'
    b'"5f0c2b7d9e134a6c8b0d1e2f3a4b5c6d","timestamp":"1788272411000"}}'
)
SENT = (
    b"1ED4E4E81C1C398FE49A50EC42F3A02B34437B0C373385CB019A634479CC7DFD074AA45B210374E8"
    b"C3A189F7C8962CA8B4F1253681318B3262CCE71C08A7DCD9AFF1467EC190353A5736E6BC7FC51FC3"
    b"5A300FC98A02F645F04FCF197C5C3DA7FC869C5A7851B6DB4AB87CFBD11F50E06F9C5A0CE0A8DEFB"
    b"254E8431CCE26A69BA811ED55A4D30072BDD636DA01C0E1D6E44FC9B45D077BB7917DD25B84C6CCB"
    b"0893725DC778B948CCD6CCAA05ADB2500D1068FFE1456B68C8721AEF9D76B66F4C5A86579E61AD62"
    b"5F166E41AD215969"
)
PRIVATE = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def shown(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> str:
    """Return a key as the portal shows it."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def unwrapped(header: str) -> str:
    """Return the call's key as the server reads it."""
    wrapped = base64.urlsafe_b64decode(header + "=" * (-len(header) % 4))
    size = PRIVATE.key_size // 8
    return b"".join(
        PRIVATE.decrypt(wrapped[start : start + size], padding.PKCS1v15())
        for start in range(0, len(wrapped), size)
    ).decode()


ENCRYPTING = Application(
    app_key=APPLICATION.app_key,
    secret=APPLICATION.secret,
    public_key=shown(PRIVATE.public_key()),
)
CALL = Call(path="openapi/platform/queryPowerStationList", bearer="token")


class Sealed:
    """Answers encrypted, with the key of the request; keeps what was asked."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.bodies: list[dict[str, Any]] = []
        self.keys: list[str] = []

    def __call__(self, asked: Asked) -> Any:
        key = unwrapped(asked.headers["x-random-secret-key"])
        self.keys.append(key)
        self.bodies.append(json.loads(decrypt(key, asked.content)))
        return encrypt(key, json.dumps(self.answer).encode()).decode()


@pytest.fixture
def frame(cloud: Cloud, make_frame: Callable[..., Frame]) -> Frame:
    """A frame of an application that encrypts."""
    return make_frame(cloud.url, ENCRYPTING)


def test_the_vector_of_the_reference_holds() -> None:
    assert encrypt(KEY, PLAIN) == SENT
    assert decrypt(KEY, SENT) == PLAIN
    assert decrypt(KEY, SENT.lower() + b"\n") == PLAIN


def test_a_short_key_is_filled_up() -> None:
    assert encrypt("abc", b"x") == encrypt("abc" + "0" * 13, b"x")


@pytest.mark.parametrize("body", [b"", b"{}", b"00", SENT[:-2]])
def test_what_was_not_encrypted_is_no_value(body: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        decrypt(new_key(), body)


def test_a_key_is_wrapped_for_the_application_alone() -> None:
    key = PublicKey.load(shown(PRIVATE.public_key()))
    assert unwrapped(key.wrap(KEY)) == KEY
    assert key.wrap(KEY).isascii()
    assert not {"=", "+", "/"} & set(key.wrap(KEY))


def test_a_long_key_goes_in_pieces() -> None:
    key = PublicKey.load(shown(PRIVATE.public_key()))
    assert unwrapped(key.wrap("k" * 300)) == "k" * 300


@pytest.mark.parametrize("between", ["\n", "\r\n", " ", ""])
def test_a_public_key_may_come_in_lines_of_pem(between: str) -> None:
    """A field of one line joins them."""
    pem = PRIVATE.public_key().public_bytes(
        Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    )
    assert (
        unwrapped(PublicKey.load(between.join(pem.decode().split("\n"))).wrap(KEY))
        == KEY
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no key",
        "AAAA",
        shown(ec.generate_private_key(ec.SECP256R1()).public_key()),
    ],
    ids=["empty", "text", "not_der", "not_rsa"],
)
def test_what_is_no_rsa_key_is_refused(text: str) -> None:
    with pytest.raises(InvalidPublicKey):
        PublicKey.load(text)


async def test_calls_are_encrypted_both_ways(frame: Frame, cloud: Cloud) -> None:
    sealed = cloud.usual = Sealed(ok({"row_count": 0}))
    assert await frame.ask(CALL) == {"row_count": 0}
    assert await frame.ask(CALL) == {"row_count": 0}
    assert len(set(sealed.keys)) == 2
    first, second = (body.pop("api_key_param") for body in sealed.bodies)
    assert first["nonce"] != second["nonce"]
    assert len(first["nonce"]) == 32
    assert int(first["timestamp"]) == START.timestamp() * 1000
    assert sealed.bodies[0] == {"appkey": APPLICATION.app_key, "lang": "_en_US"}
    headers = cloud.last.headers
    assert headers["Content-Type"] == "application/json"
    assert headers["Authorization"] == "Bearer token"


async def test_a_plain_answer_is_understood_too(frame: Frame, cloud: Cloud) -> None:
    cloud.say(no("E905"))
    with pytest.raises(Exception, match="E905") as caught:
        await frame.ask(CALL)
    assert getattr(caught.value, "reason", None) == "bad_request"


async def test_an_encrypted_page_is_no_answer(frame: Frame, cloud: Cloud) -> None:
    def page(asked: Asked) -> str:
        key = unwrapped(asked.headers["x-random-secret-key"])
        return encrypt(key, b"<html>").decode()

    cloud.usual = page
    with pytest.raises(TransportError) as caught:
        await frame.ask(CALL)
    assert caught.value.reason == "not_json"


async def test_a_repeated_nonce_is_answered_with_another(
    frame: Frame, cloud: Cloud
) -> None:
    refused, taken = Sealed(no("E910")), Sealed(ok({}))
    cloud.say(refused, taken)
    await frame.ask(Call(path="openapi/platform/paramSetting", write=True))
    nonces = {body["api_key_param"]["nonce"] for body in refused.bodies + taken.bodies}
    assert len(nonces) == 2


@pytest.mark.parametrize(
    ("write", "kind"), [(False, MaintenanceError), (True, WriteRejected)]
)
async def test_nonces_are_not_tried_for_ever(
    frame: Frame, cloud: Cloud, write: bool, kind: type[Exception]
) -> None:
    cloud.usual = Sealed(no("E910"))
    with pytest.raises(kind):
        await frame.ask(Call(path="openapi/platform/paramSetting", write=write))
    assert len(cloud.asked) == 2


@pytest.mark.parametrize("shape", [str, int, lambda told: {"result_data": str(told)}])
async def test_a_wrong_clock_is_set_by_the_vendors(
    frame: Frame, cloud: Cloud, clock: FakeClock, shape: Callable[[int], Any]
) -> None:
    told = int((START.timestamp() + 900) * 1000)
    sealed = Sealed(ok({}))
    cloud.say(Sealed(no("E913")), shape(told), sealed)
    await frame.ask(CALL)
    assert cloud.endpoints[1:] == ["timestamp", "queryPowerStationList"]
    assert cloud.asked[1].method == "GET"
    sent = int(sealed.bodies[0]["api_key_param"]["timestamp"])
    assert abs(sent - told) < 5000


@pytest.mark.parametrize(
    "told", ["soon", {}, [], str(int(START.timestamp() * 1000)), no("E900")]
)
async def test_a_clock_that_cannot_be_set_is_told(
    frame: Frame, cloud: Cloud, told: Any
) -> None:
    cloud.say(Sealed(no("E913")), told)
    with pytest.raises(NotPermittedError) as caught:
        await frame.ask(CALL)
    assert caught.value.reason == "clock_skew"
    assert len(cloud.asked) == 2
