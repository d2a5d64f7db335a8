"""The rule for server addresses (design.md section 6)."""

import re
from typing import Any

from hypothesis import example, given, settings, strategies as st
import pytest

from core.client.budget import Budget
from core.client.http import HttpClient
from core.ha.flow import (
    CONF_SERVER_URL,
    SECTION_EXPERT,
    InvalidServerUrl,
    expert_section,
    expert_url,
    server_url,
)
from tests.core.fake_clock import FakeClock

PROPERTY = settings(deadline=None, database=None, derandomize=True, max_examples=500)
DEFAULT = "https://openapi.alphaess.com/api"


@pytest.mark.parametrize("value", [None, "", "  ", "\t\n"])
def test_nothing_is_the_default(value: str | None) -> None:
    """An empty field changes nothing."""
    assert server_url(value, DEFAULT) == DEFAULT


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("https://eu.example.org/api", None),
        ("https://eu.example.org/api/", "https://eu.example.org/api"),
        ("  https://eu.example.org  ", "https://eu.example.org"),
        ("https://eu.example.org:8443/a/b", None),
        ("https://8.8.8.8/api", None),
        ("https://[2001:4860:4860::8888]/api", None),
        ("HTTPS://EU.Example.org/api", None),
        # Plain http at home
        ("http://127.0.0.1:8080/api", None),
        ("http://127.9.9.9", None),
        ("http://10.1.2.3", None),
        ("http://172.16.0.9:1234", None),
        ("http://172.31.255.255", None),
        ("http://192.168.178.20/api//", "http://192.168.178.20/api"),
        ("http://169.254.1.1", None),
        ("http://[::1]:8080/api", None),
        ("http://[fd12:3456::1]", None),
        ("http://[fe80::1]", None),
        ("http://[::ffff:192.168.1.2]", None),
        ("http://localhost:8080", None),
        ("http://LOCALHOST", None),
        ("http://proxy.localhost", None),
        ("http://inverter.local/api", None),
        ("http://sb-123456.fritz.box", None),
        ("http://sb-123456.lan:8080", None),
        ("http://sb-123456.home.arpa", None),
        ("http://Battery.Internal", None),
        ("http://a0d7b954-simulator:8123/api", None),
    ],
)
def test_good_addresses(value: str, url: str | None) -> None:
    """Any host by https; by http what is at home."""
    assert server_url(value, DEFAULT) == (url or value)


@pytest.mark.parametrize(
    "value",
    [
        "eu.example.org/api",
        "//eu.example.org",
        "ftp://eu.example.org",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "https:///api",
        "https://user@eu.example.org",
        "https://user:secret@eu.example.org",
        "https://:secret@eu.example.org",
        "https://@eu.example.org",
        "https://eu.example.org/api?key=1",
        "https://eu.example.org/api#part",
        "https://eu.example.org:99999",
        "https://eu.example.org:-1",
        "https://eu.example.org:http",
        "https://[::1",
        "https://[zz::1]/api",
        "https://eu example.org",
        "https://eu.example.org/a b",
        "https://eu.example.org/\u0000",
        "https://eu.exam\nple.org",
    ],
)
def test_what_is_no_address(value: str) -> None:
    """A form's error, never an exception later on."""
    with pytest.raises(InvalidServerUrl, match=r"^invalid_url$"):
        server_url(value, DEFAULT)


@pytest.mark.parametrize(
    "value",
    [
        "http://eu.example.org/api",
        "http://8.8.8.8",
        "http://172.15.0.1",
        "http://172.32.0.1",
        "http://192.169.0.1",
        "http://11.0.0.1",
        "http://[2001:4860:4860::8888]",
        "http://[::ffff:8.8.8.8]",
        "http://192.168.1.2.example.org",
        "http://local.example.org",
        "http://fritz.box.example.org",
        "http://other.box",
        "http://examplelan.org",
        "http://lan.example.org",
        "http://notfritz.box",
        "http://examplelocal.org",
        "http://localhost.example.org",
        "http://127.0.0.1.example.org",
        # Other ways to write 8.8.8.8
        "http://134744072",
        "http://0x08080808",
        "http://010.8.8.8",
        "http://8.8.2056",
    ],
)
def test_secrets_leave_home_encrypted_only(value: str) -> None:
    """They stand in the headers of each request."""
    with pytest.raises(InvalidServerUrl, match=r"^url_not_https$"):
        server_url(value, DEFAULT)


_parts = st.sampled_from(
    [
        *[
            "http",
            "s",
            "://",
            "/",
            ".",
            ":",
            "@",
            "?",
            "#",
            "[",
            "]",
            "%",
            "\\",
            ";",
            "&",
            "=",
            ",",
        ],
        "https://",
        "http://",
        "localhost",
        "192.168.1.2",
        "[::1]",
        "[fe80::1%25eth0]",
        "example.org",
        "%2e%2e",
        "..",
        "ß",
        "xn--",
        ":0",
        ":8080",
        "user@",
        "a" * 70,
    ]
)


@PROPERTY
@given(st.one_of(st.text(max_size=30), st.lists(_parts, max_size=6).map("".join)))
@example("https://example.org?")
@example("https://example.org#")
@example("https://example..org")
@example("https://[fe80::1%25eth0]/api")
@example("http://" + "a" * 70)
@example("http://..lan")
@example("http://xn--.local")
def test_what_is_accepted_can_be_used(value: str) -> None:
    """Whatever is typed: a form's error, or an address that the client takes."""
    try:
        url = server_url(value, DEFAULT)
    except InvalidServerUrl:
        return
    assert re.match(r"https?://[^/]", url, re.IGNORECASE)
    assert not url.endswith("/")
    session: Any = None
    clock = FakeClock()
    client = HttpClient(
        session, url, budget=Budget(clock=clock), clock=clock, redact=str
    )
    client._url("getEssList")


def test_the_expert_section() -> None:
    """It is collapsed, shows the address that is set, and may be left empty."""
    [(marker, part)] = expert_section("http://127.0.0.1:8080/api").items()
    assert str(marker) == SECTION_EXPERT
    assert part.options["collapsed"] is True
    [field] = part.schema.schema
    assert str(field) == CONF_SERVER_URL
    assert field.description == {"suggested_value": "http://127.0.0.1:8080/api"}


@pytest.mark.parametrize(
    "user_input",
    [{}, {SECTION_EXPERT: {}}, {SECTION_EXPERT: None}, {SECTION_EXPERT: {"x": "y"}}],
)
def test_a_form_without_an_address(user_input: dict[str, Any]) -> None:
    """The default server then."""
    assert expert_url(user_input, DEFAULT) == DEFAULT


def test_a_form_with_an_address() -> None:
    """The rule holds there too."""
    form = {SECTION_EXPERT: {CONF_SERVER_URL: "http://127.0.0.1:8080/api/"}}
    assert expert_url(form, DEFAULT) == "http://127.0.0.1:8080/api"
    form[SECTION_EXPERT][CONF_SERVER_URL] = "http://example.org"
    with pytest.raises(InvalidServerUrl):
        expert_url(form, DEFAULT)
