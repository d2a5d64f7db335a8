"""Reference section 2.2 and 2.3."""

import re

import pytest

from custom_components.growatt_energy.api.multipart import multipart
from custom_components.growatt_energy.api.password import modified_md5
from custom_components.growatt_energy.api.user_agent import (
    new_user_agent,
    valid_user_agent,
)


@pytest.mark.parametrize(
    ("password", "sent"),
    [
        ("a", "ccc175b9c0f1b6a831c399e269772661"),
        ("hunter2", "2ab96390c7dbe3439de74dcc9bcb1767"),
        ("growatt", "6c649d2d285d62d3c3c6182ed6863920"),
        ("banaan", "31d674be46e1ba6b54388a671cc9accb"),
        ("SolarPower42!", "1e8187f86cfac0eac6b64c2c66492bfd"),
        ("pä55wörd", "3248c2c39cc97587ce4fdecf27e56bde"),
        ("test1234", "16d7a4fca7442dda3ad93c9a726597e4"),
        ("Zon&Wind2024", "bd841aef80257a278058a69fdd6ac320"),
    ],
)
def test_the_password_is_hashed_as_the_app_does(password: str, sent: str) -> None:
    assert modified_md5(password) == sent


def test_the_user_agent_looks_like_the_app_and_has_five_digits() -> None:
    made = new_user_agent("1.2.3")
    assert re.fullmatch(
        r"Dalvik/2\.1\.0 \(Linux; U; Android 13; ha-growatt/1\.2\.3\) - \d{5}", made
    )
    assert valid_user_agent(made)


def test_each_entry_has_a_user_agent_of_its_own() -> None:
    assert len({new_user_agent("1") for _ in range(20)}) > 1


@pytest.mark.parametrize("text", ["", " a", "a ", "a\nb", "ä", "x" * 201])
def test_a_user_agent_that_no_header_can_carry_is_refused(text: str) -> None:
    assert not valid_user_agent(text)


def test_an_own_user_agent_may_be_any_plain_text() -> None:
    assert valid_user_agent("my house - 12345")


def test_a_form_in_parts_takes_plain_names_only() -> None:
    with pytest.raises(ValueError, match="field name"):
        multipart({'a"b': "1"})
