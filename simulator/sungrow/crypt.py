"""Encrypted calls (reference section 2.6)."""

import base64
import binascii
from functools import cache

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_BLOCK_BITS = 128
_KEY_BYTES = 16
_RSA_BITS = 2048


class NotDecrypted(Exception):
    """A text or a key is not what the scheme says."""


@cache
def private_key() -> rsa.RSAPrivateKey:
    """Return the application's key pair, made once per run."""
    return rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS)


def public_key() -> str:
    """Return what the portal shows: X.509 DER in Base64."""
    der = private_key().public_key()
    shown = der.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(shown).decode()


def key_of(header: str) -> bytes:
    """Return the AES key of `x-random-secret-key`; NotDecrypted if it is no such."""
    try:
        encrypted = base64.urlsafe_b64decode(header + "=" * (-len(header) % 4))
        key = private_key().decrypt(encrypted, padding.PKCS1v15())
    except ValueError as err:
        raise NotDecrypted("key") from err
    if len(key) > _KEY_BYTES or not key.isascii():
        raise NotDecrypted("key")
    return key.ljust(_KEY_BYTES, b"0")


def decrypt(key: bytes, text: str) -> str:
    """Return the plain text of upper- or lower-case hex; NotDecrypted if it is none."""
    decryptor = _cipher(key).decryptor()
    unpad = PKCS7(_BLOCK_BITS).unpadder()
    try:
        padded = decryptor.update(binascii.unhexlify(text)) + decryptor.finalize()
        return (unpad.update(padded) + unpad.finalize()).decode()
    except ValueError as err:
        raise NotDecrypted("body") from err


def encrypt(key: bytes, text: str) -> str:
    """Return upper-case hex."""
    encryptor = _cipher(key).encryptor()
    pad = PKCS7(_BLOCK_BITS).padder()
    padded = pad.update(text.encode()) + pad.finalize()
    return (encryptor.update(padded) + encryptor.finalize()).hex().upper()


def _cipher(key: bytes) -> Cipher[modes.ECB]:
    return Cipher(algorithms.AES(key), modes.ECB())
