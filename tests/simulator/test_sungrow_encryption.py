"""iSolarCloud: encrypted calls (reference section 2.6)."""

import base64
import json
from typing import Any

import aiohttp
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
import pytest

from simulator.sungrow import SungrowSimulator
from simulator.sungrow.crypt import NotDecrypted, decrypt, encrypt

from .sungrow_client import LOGIN, PLANTS_V2, Gateway

KEY = b"Q7w8E9r0T1y2U3i4"
NONCE = "5f0c2b7d9e134a6c8b0d1e2f3a4b5c6d"
# Of the reference
PLAIN = (
    '{"appkey":"0A1B2C3D4E5F60718293A4B5C6D7E8F9","user_account":"owner@example.com",'
    '"user_password":"secret","api_key_param":{"nonce":'
    '"5f0c2b7d9e134a6c8b0d1e2f3a4b5c6d","timestamp":"1788272411000"}}'
)
SECRET = (
    "1ED4E4E81C1C398FE49A50EC42F3A02B34437B0C373385CB019A634479CC7DFD"
    "074AA45B210374E8C3A189F7C8962CA8B4F1253681318B3262CCE71C08A7DCD9"
    "AFF1467EC190353A5736E6BC7FC51FC35A300FC98A02F645F04FCF197C5C3DA7"
    "FC869C5A7851B6DB4AB87CFBD11F50E06F9C5A0CE0A8DEFB254E8431CCE26A69"
    "BA811ED55A4D30072BDD636DA01C0E1D6E44FC9B45D077BB7917DD25B84C6CCB"
    "0893725DC778B948CCD6CCAA05ADB2500D1068FFE1456B68C8721AEF9D76B66F"
    "4C5A86579E61AD625F166E41AD215969"
)


class Sealed:
    """Encrypts calls for the simulator's key."""

    def __init__(self, gateway: Gateway) -> None:
        self.gateway = gateway
        self.now = int(gateway.clock().timestamp() * 1000)

    def key(self, key: bytes = KEY) -> str:
        der = base64.b64decode(self.gateway.sim.public_key)
        public = load_der_public_key(der)
        assert isinstance(public, RSAPublicKey)
        encrypted = public.encrypt(key, PKCS1v15())
        return base64.urlsafe_b64encode(encrypted).decode().rstrip("=")

    def parameter(self, **more: Any) -> dict[str, Any]:
        parameter = {"nonce": NONCE, "timestamp": str(self.now)} | more
        return {"api_key_param": parameter}

    async def ask(self, endpoint: str = PLANTS_V2, **more: Any) -> Any:
        """Ask encrypted and return the document, which must be encrypted too."""
        rest = {"page": 1, "size": 1} | more
        body = self.gateway.body(**rest)
        text = encrypt(KEY, json.dumps(body))
        _, document, answer = await self.gateway.post(
            endpoint, text, **{"x-random-secret-key": self.key()}
        )
        assert document is None
        assert answer == answer.upper()
        return json.loads(decrypt(KEY, answer))


@pytest.fixture
def sealed(sungrow: SungrowSimulator, gateway: Gateway) -> Sealed:
    gateway.bearer = sungrow.issue()["access_token"]
    return Sealed(gateway)


def test_the_body_is_the_one_of_the_reference() -> None:
    assert encrypt(KEY, PLAIN) == SECRET
    assert decrypt(KEY, SECRET) == PLAIN


@pytest.mark.parametrize("text", ["xyz", SECRET[:-2], SECRET[:-32] + "0" * 32])
def test_what_is_no_cipher_text_is_told(text: str) -> None:
    with pytest.raises(NotDecrypted):
        decrypt(KEY, text)


async def test_an_encrypted_call_is_answered_so(sealed: Sealed) -> None:
    answer = await sealed.ask(**sealed.parameter())
    assert answer["result_code"] == "1"
    assert len(answer["result_data"]["pageList"]) == 1


async def test_plain_calls_can_be_refused(
    sungrow: SungrowSimulator, sealed: Sealed
) -> None:
    sungrow.wire.encryption = "required"
    gateway = sealed.gateway
    assert (await gateway.plants())["result_code"] == "E902"
    assert (await gateway.login())["result_code"] == "E902"
    assert (await gateway.refresh("unknown"))["result_code"] == "E902"
    assert (await gateway.exchange("abcdef"))["result_code"] == "E902"
    assert (await sealed.ask(**sealed.parameter()))["result_code"] == "1"


async def test_a_short_key_is_padded_with_zeros(sealed: Sealed) -> None:
    text = encrypt(b"short".ljust(16, b"0"), "{}")
    header = {"x-random-secret-key": sealed.key(b"short")}
    _, _, answer = await sealed.gateway.post(PLANTS_V2, text, **header)
    document = json.loads(decrypt(b"short00000000000", answer))
    assert document["result_code"] == "E906"


async def test_a_nonce_counts_once(sungrow: SungrowSimulator, sealed: Sealed) -> None:
    codes = [
        (await sealed.ask(**sealed.parameter(nonce=nonce)))["result_code"]
        for nonce in (NONCE, NONCE, "a" * 32)
    ]
    assert codes == ["1", "E910", "1"]
    sungrow.wire.nonces_refused = 1
    codes = [
        (await sealed.ask(**sealed.parameter(nonce=nonce)))["result_code"]
        for nonce in ("b" * 32, "c" * 32)
    ]
    assert codes == ["E910", "1"]


@pytest.mark.parametrize(
    ("seconds", "code"), [(299, "1"), (-299, "1"), (301, "E913"), (-301, "E913")]
)
async def test_clocks_that_differ_are_told(
    sealed: Sealed, seconds: int, code: str
) -> None:
    sealed.now += seconds * 1000
    assert (await sealed.ask(**sealed.parameter()))["result_code"] == code


async def test_the_skew_of_a_fault_counts(
    sungrow: SungrowSimulator, sealed: Sealed
) -> None:
    sungrow.faults.add("clock_skew", PLANTS_V2, seconds=900)
    assert (await sealed.ask(**sealed.parameter()))["result_code"] == "E913"


@pytest.mark.parametrize(
    ("parameter", "code"),
    [
        ({}, "E906"),
        ({"api_key_param": "text"}, "E906"),
        ({"api_key_param": {"nonce": "short", "timestamp": "1"}}, "E907"),
        ({"api_key_param": {"nonce": NONCE, "timestamp": "now"}}, "E908"),
    ],
)
async def test_the_parameter_is_checked(
    sealed: Sealed, parameter: dict[str, Any], code: str
) -> None:
    assert (await sealed.ask(**parameter))["result_code"] == code


async def test_a_plain_call_may_have_the_parameter_too(sealed: Sealed) -> None:
    parameter = sealed.parameter()
    codes = [
        (await sealed.gateway.ask(PLANTS_V2, page=1, size=1, **parameter))[
            "result_code"
        ]
        for _ in range(2)
    ]
    assert codes == ["1", "E910"]


async def test_what_cannot_be_decrypted_is_told(sealed: Sealed) -> None:
    gateway = sealed.gateway
    for key in ("QUFB", sealed.key(KEY + b"5")):
        header = {"x-random-secret-key": key}
        _, answer, _ = await gateway.post(PLANTS_V2, SECRET, **header)
        assert answer["result_code"] == "E904"
    own = {"x-random-secret-key": sealed.key()}
    _, _, text = await gateway.post(PLANTS_V2, "{}", **own)
    assert json.loads(decrypt(KEY, text))["result_code"] == "E905"


async def test_faults_and_logins_are_encrypted_too(
    sungrow: SungrowSimulator, sealed: Sealed
) -> None:
    sungrow.faults.add("vendor_error", PLANTS_V2, code=999)
    assert (await sealed.ask(**sealed.parameter()))["result_code"] == "E999"
    answer = await sealed.ask(
        LOGIN,
        user_account=sungrow.user_name,
        user_password=sungrow.password,
        **sealed.parameter(),
    )
    assert answer["result_data"]["login_state"] == "1"


@pytest.mark.parametrize("form", ["text", "number", "envelope"])
async def test_the_server_tells_its_time(
    sungrow: SungrowSimulator,
    sealed: Sealed,
    session: aiohttp.ClientSession,
    form: Any,
) -> None:
    sungrow.wire.timestamp_as = form
    async with session.get(f"{sungrow.url}/timestamp") as response:
        text = await response.text()
    document = json.loads(text)
    told = document["result_data"] if form == "envelope" else document
    assert int(told) == sealed.now
