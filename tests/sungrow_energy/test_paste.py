"""Reading what people paste after they authorized."""

from contextlib import suppress

from hypothesis import given, strategies as st
import pytest

from custom_components.sungrow_energy.paste import CODE, InvalidPaste, read_pasted

MY = "https://my.home-assistant.io/redirect/oauth"


@pytest.mark.parametrize(
    ("text", "code", "state"),
    [
        ("k7Qm2X", "k7Qm2X", None),
        ("  k7Qm2X\n", "k7Qm2X", None),
        ("code=k7Qm2X", "k7Qm2X", None),
        ("?code=k7Qm2X&state=abc", "k7Qm2X", "abc"),
        (f"{MY}?code=k7Qm2X", "k7Qm2X", None),
        (f"{MY}?state=a.b-c_d&code=k7Qm2X", "k7Qm2X", "a.b-c_d"),
        (f"{MY}/?code=k7Qm2X#", "k7Qm2X", None),
        (f"{MY}#code=k7Qm2X&state=abc", "k7Qm2X", "abc"),
        (f"{MY}#/done?code=k7Qm2X", "k7Qm2X", None),
        (f"{MY}?state=abc#/done?code=k7Qm2X&state=def", "k7Qm2X", "abc"),
        (f"{MY}?co\n de=k7Qm2X", "k7Qm2X", None),
    ],
)
def test_code_is_found(text: str, code: str, state: str | None) -> None:
    """In whatever form it comes."""
    pasted = read_pasted(text)
    assert (pasted.code, pasted.state) == (code, state)
    assert code not in repr(pasted)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "no_code"),
        ("abc", "no_code"),
        (MY, "no_code"),
        (f"{MY}?code=", "no_code"),
        (f"{MY}?code=<script>", "no_code"),
        (f"{MY}?code={'a' * 129}", "no_code"),
        (f"{MY}?error=access_denied", "declined"),
        ("https://[::1", "no_code"),
    ],
)
def test_no_code(text: str, error: str) -> None:
    """People are told what is missing."""
    with pytest.raises(InvalidPaste, match=error):
        read_pasted(text)


@given(st.text())
def test_anything_can_be_pasted(text: str) -> None:
    """Nothing but a code, or that there is none."""
    found: object = None
    with suppress(InvalidPaste):
        found = read_pasted(text).code
    assert found is None or CODE.fullmatch(str(found))
