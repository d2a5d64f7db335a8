"""The worked example of the reference (section 2.4)."""

from base64 import b64encode

import pytest

from custom_components.goodwe_energy.api.signature import encode_password, sign


def test_the_password_is_the_one_of_the_reference() -> None:
    assert encode_password("Passw0rd!") == (
        "NDdiN2JmYjY1ZmE4M2FjOWE3MWRjYjBmNjI5NmJiNmU="
    )


def test_a_password_may_have_any_letters() -> None:
    assert len(encode_password("Grüße€")) == 44


@pytest.mark.parametrize(
    ("milliseconds", "uid", "token", "digest"),
    [
        (
            1790000000000,
            "",
            "",
            "fe9b21373fc40b6d03e2e581f0807790b3edde8a8dd60db24a9ee4961981839c",
        ),
        (
            1790000000123,
            "0f0e0d0c-1111-4222-8333-444455556666",
            "0123456789abcdef0123456789abcdef",
            "a4d9a416dbf3018ba776d2f3c9ac66e8f53f9604203aee3798115aaf2d308885",
        ),
    ],
    ids=["login", "call"],
)
def test_the_signature_is_the_one_of_the_reference(
    milliseconds: int, uid: str, token: str, digest: str
) -> None:
    expected = b64encode(f"{digest}@{milliseconds}".encode()).decode()
    assert sign(milliseconds, uid, token) == expected


def test_the_signature_of_a_login_is_the_text_of_the_reference() -> None:
    assert sign(1790000000000, "", "") == (
        "ZmU5YjIxMzczZmM0MGI2ZDAzZTJlNTgxZjA4MDc3OTBiM2VkZGU4YThkZDYwZGIyNGE5ZWU0"
        "OTYxOTgxODM5Y0AxNzkwMDAwMDAwMDAw"
    )
