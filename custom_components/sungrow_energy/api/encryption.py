"""Encrypted calls (reference section 2.6)."""

import base64
import binascii
from dataclasses import dataclass
import re
import secrets
import string

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import load_der_public_key

KEY_HEADER = "x-random-secret-key"
_KEY_LENGTH = 16
_NONCE_LENGTH = 32
_PADDING_BYTES = 11
_AROUND = re.compile(r"-----[^-]+-----")
_CHARACTERS = string.ascii_letters + string.digits


class InvalidPublicKey(ValueError):
    """The text is no RSA public key in Base64."""


def new_key() -> str:
    """Return a random key for one call."""
    return _random(_KEY_LENGTH)


def new_nonce() -> str:
    """Return what makes one call different from all others."""
    return _random(_NONCE_LENGTH)


def encrypt(key: str, plain: bytes) -> bytes:
    """Return the body as it is sent: AES-128-ECB in upper-case hexadecimal digits."""
    padder = PKCS7(128).padder()
    encryptor = _cipher(key).encryptor()
    padded = padder.update(plain) + padder.finalize()
    return binascii.hexlify(encryptor.update(padded) + encryptor.finalize()).upper()


def decrypt(key: str, body: bytes) -> bytes:
    """Return the answer's JSON.

    Raises ``ValueError`` if the body was not encrypted with that key.
    """
    decryptor = _cipher(key).decryptor()
    padded = decryptor.update(binascii.unhexlify(body.strip().strip(b'"')))
    unpadder = PKCS7(128).unpadder()
    return unpadder.update(padded + decryptor.finalize()) + unpadder.finalize()


@dataclass(frozen=True, slots=True, repr=False)
class PublicKey:
    """The application's key, with which the keys of calls are encrypted."""

    _key: RSAPublicKey

    @classmethod
    def load(cls, text: str) -> PublicKey:
        """Read X.509 DER in Base64, with or without the lines around it.

        Raises ``InvalidPublicKey``.
        """
        try:
            # A field of one line may have joined them
            data = "".join(_AROUND.sub("", text).split())
            data = data.replace("-", "+").replace("_", "/")
            der = base64.b64decode(data + "=" * (-len(data) % 4), validate=True)
            key = load_der_public_key(der)
        except (ValueError, UnsupportedAlgorithm) as err:
            raise InvalidPublicKey("not a public key") from err
        if not isinstance(key, RSAPublicKey):
            raise InvalidPublicKey("not an RSA key")
        return cls(key)

    def wrap(self, key: str) -> str:
        """Return a call's key as the header carries it: URL-safe Base64, unpadded."""
        size = self._key.key_size // 8 - _PADDING_BYTES
        plain = key.encode()
        wrapped = b"".join(
            self._key.encrypt(plain[start : start + size], padding.PKCS1v15())
            for start in range(0, len(plain), size)
        )
        return base64.urlsafe_b64encode(wrapped).rstrip(b"=").decode()


def _random(length: int) -> str:
    return "".join(secrets.choice(_CHARACTERS) for _ in range(length))


def _cipher(key: str) -> Cipher[modes.ECB]:
    # The vendor's scheme, not ours to choose; TLS is what protects the call
    padded = key.ljust(_KEY_LENGTH, "0").encode()
    return Cipher(algorithms.AES128(padded), modes.ECB())
