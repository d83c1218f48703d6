import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from core.clock import VirtualClock
from core.errors import ConfigurationError
from core.feed.errors import AnswerTooLargeError, FeedUntrustedError
from core.feed.transport import Transport
from core.feed.values import FeedAnswer

if TYPE_CHECKING:
    from tests.core.feed.conftest import ScriptedFeed

KEY = SecretStr("sentinel0key1that2nobody3may4see")


async def test_a_body_past_the_bound_is_an_error_that_keeps_the_credits(
    feed: "ScriptedFeed", session: aiohttp.ClientSession, clock: VirtualClock
) -> None:
    feed.will_zip("x" * 5000)
    transport = Transport(session, KEY, base_url=feed.base_url, clock=clock, largest_body_bytes=4000)
    error = await transport.get("/v4/sports", {}, 5)
    assert isinstance(error, AnswerTooLargeError)
    assert str(error) == "the feed's answer to /v4/sports is larger than 4,000 bytes"
    assert error.answer is not None
    assert error.answer.credits.remaining == 480
    assert error.answer.body == b""


async def test_a_key_that_a_good_answer_repeats_is_struck_out(
    feed: "ScriptedFeed", session: aiohttp.ClientSession, clock: VirtualClock
) -> None:
    feed.will_repeat_the_url(200)
    answer = await Transport(session, KEY, base_url=feed.base_url, clock=clock).get("/v4/sports", {}, 5)
    assert isinstance(answer, FeedAnswer)
    assert answer.body == b'["/v4/sports?apiKey=[redacted]"]'
    assert answer.headers["x-requests-last"] == "/v4/sports?apiKey=[redacted]"


async def test_a_header_that_is_no_utf_8_takes_nothing_from_an_answer_that_was_paid_for(
    feed: "ScriptedFeed", session: aiohttp.ClientSession, clock: VirtualClock
) -> None:
    head = b"Content-Type: text/plain; charset=\xe9\xff\r\nx-requests-last: 3\r\nContent-Length: 2"
    feed.will_write(b"HTTP/1.1 200 OK\r\n" + head + b"\r\n\r\n[]")
    answer = await Transport(session, KEY, base_url=feed.base_url, clock=clock).get("/v4/sports", {}, 5)
    assert isinstance(answer, FeedAnswer)
    assert (answer.body, answer.credits.last) == (b"[]", 3)
    assert answer.headers["content-type"] == "text/plain; charset=��"


async def test_a_short_key_of_a_simulated_feed_leaves_words_whole(
    feed: "ScriptedFeed", session: aiohttp.ClientSession, clock: VirtualClock
) -> None:
    feed.will_answer(body=["demolition"])
    answer = await Transport(session, SecretStr("demo"), base_url=feed.base_url, clock=clock).get(
        "/v4/sports", {}, 5
    )
    assert isinstance(answer, FeedAnswer)
    assert answer.body == b'["demolition"]'


async def test_a_base_url_may_have_a_path_and_a_slash(
    feed: "ScriptedFeed", session: aiohttp.ClientSession, clock: VirtualClock
) -> None:
    feed.will_answer()
    await Transport(session, KEY, base_url=f"{feed.base_url}/odds-api/", clock=clock).get("/v4/sports", {}, 5)
    assert feed.requests[0].path == "/odds-api/v4/sports"


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "api.the-odds-api.com",
        "ftp://api.the-odds-api.com",
        "https://",
        "https://host:99999",
        "https://user:password@host",
        "https://host/?apiKey=secret",
        "https://host/#part",
        "http://[::1",
    ],
)
async def test_a_wrong_base_url_is_refused_without_being_repeated(
    session: aiohttp.ClientSession, clock: VirtualClock, base_url: str
) -> None:
    with pytest.raises(ConfigurationError, match="ODDS_API_BASE_URL is not an http or https URL") as caught:
        Transport(session, KEY, base_url=base_url, clock=clock)
    assert "secret" not in str(caught.value)
    assert "password" not in str(caught.value)


@pytest.mark.parametrize("key", ["", "  "])
async def test_an_empty_key_is_refused(session: aiohttp.ClientSession, clock: VirtualClock, key: str) -> None:
    with pytest.raises(ConfigurationError, match="ODDS_API_KEY is empty"):
        Transport(session, SecretStr(key), base_url="http://127.0.0.1:1", clock=clock)


async def test_the_key_is_not_sent_to_a_server_whose_certificate_proves_nothing(
    session: aiohttp.ClientSession, clock: VirtualClock, tmp_path: Path
) -> None:
    asked: list[web.BaseRequest] = []

    async def answer(request: web.BaseRequest) -> web.Response:
        asked.append(request)
        return web.Response()

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=self_signed(tmp_path / "server.pem"))
    await site.start()
    port = runner.addresses[0][1]
    error = await Transport(session, KEY, base_url=f"https://127.0.0.1:{port}", clock=clock).get(
        "/v4/sports", {}, 5
    )
    await runner.cleanup()
    assert isinstance(error, FeedUntrustedError)
    assert str(error) == f"/v4/sports was not asked for: the certificate of 127.0.0.1:{port} proves nothing"
    assert asked == []


def self_signed(path: Path) -> ssl.SSLContext:
    """Return a server's context with a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
