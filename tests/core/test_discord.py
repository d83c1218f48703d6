"""What Discord is asked to post, and what becomes of a post that it does not take."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from core.alerts import Alert, AlertKind, Severity
from core.discord import LONGEST_CONTENT, DiscordChannel, content_of
from core.errors import AlertNotDeliveredError, ConfigurationError

if TYPE_CHECKING:
    from tests.core.conftest import Said
    from tests.wire.discord import ScriptedDiscord

ALERT = Alert(
    AlertKind.MISSED_CLOSE, Severity.WARNING, "no close of Hawks at Bulls", "fetch-odds", "basketball_nba"
)
TOKEN = "sentinel-webhook-token"


def channel(discord: "ScriptedDiscord", seconds: float = 5) -> DiscordChannel:
    return DiscordChannel(
        SecretStr(discord.webhook_url), timeout=timedelta(seconds=seconds), loopback_origin=discord.origin
    )


async def test_an_alert_is_one_post_that_mentions_nobody_and_previews_nothing(discord: "ScriptedDiscord") -> None:
    await channel(discord).send(replace(ALERT, held_back=2))
    assert discord.paths == [f"/api/webhooks/42/{TOKEN}"]
    assert discord.posts == [
        {
            "content": "**WARNING: missed close** fetch-odds basketball_nba\nno close of Hawks at Bulls\n"
            "(2 more like it since the last)",
            "allowed_mentions": {"parse": []},
            "flags": 4,
        }
    ]


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"id": "1"}'], ids=["no answer at all", "broken JSON", "the message"]
)
async def test_what_discord_says_of_a_post_it_took_does_not_matter(
    discord: "ScriptedDiscord", body: bytes
) -> None:
    discord.will_answer(200, body, {"Content-Type": "application/json"})
    await channel(discord).send(ALERT)
    assert len(discord.posts) == 1


@pytest.mark.parametrize(
    ("fail", "told"),
    [
        pytest.param(lambda d: d.will_answer(500, d.webhook_url.encode()), "Discord answered 500", id="a fault"),
        pytest.param(lambda d: d.will_answer(404), "Discord answered 404", id="an unknown webhook"),
        pytest.param(lambda d: d.will_answer(429), "Discord answered 429", id="too many posts"),
        pytest.param(
            lambda d: d.will_answer(307, headers={"Location": f"{d.origin}/elsewhere/{d.token}"}),
            "Discord answered 307",
            id="a redirect",
        ),
        pytest.param(lambda d: d.will_answer(400, b'{"message": '), "Discord answered 400", id="broken JSON"),
        pytest.param(lambda d: d.will_hang(), "did not answer within 0.3 s", id="a timeout"),
        pytest.param(lambda d: d.will_reset(), "could not be reached: ServerDisconnected", id="a reset"),
    ],
)
async def test_a_post_that_is_not_taken_is_tried_once_and_told_without_the_address(
    discord: "ScriptedDiscord", said_of: "Said", fail: "Callable[[ScriptedDiscord], None]", told: str
) -> None:
    fail(discord)
    with pytest.raises(AlertNotDeliveredError) as failed:
        await channel(discord, seconds=0.3).send(ALERT)
    assert told in str(failed.value)
    assert TOKEN not in said_of(failed.value)
    assert discord.paths == [f"/api/webhooks/42/{TOKEN}"]


async def test_a_discord_that_refuses_connections_is_told_without_the_address(said_of: "Said") -> None:
    origin = "http://127.0.0.1:1"
    refusing = DiscordChannel(SecretStr(f"{origin}/api/webhooks/42/{TOKEN}"), loopback_origin=origin)
    with pytest.raises(AlertNotDeliveredError, match="could not be reached: ClientConnectorError") as failed:
        await refusing.send(ALERT)
    assert TOKEN not in said_of(failed.value)


async def test_a_post_can_be_cancelled_and_leaves_no_address_behind(
    discord: "ScriptedDiscord", said_of: "Said"
) -> None:
    discord.will_hang()
    with pytest.raises(TimeoutError) as cancelled:
        async with asyncio.timeout(0.2):
            await channel(discord).send(ALERT)
    assert TOKEN not in said_of(cancelled.value)


@pytest.mark.parametrize(
    "url",
    [
        f"http://discord.com/api/webhooks/42/{TOKEN}",
        f"https://discord.com.example.org/api/webhooks/42/{TOKEN}",
        f"https://discord.com@example.org/api/webhooks/42/{TOKEN}",
        f"https://discord.com/api/users/42/{TOKEN}",
        f"http://127.0.0.1:8080/api/webhooks/42/{TOKEN}",
    ],
    ids=["no https", "another host", "a user", "another path", "loopback"],
)
def test_an_address_that_is_no_webhook_of_discord_is_refused_without_repeating_it(
    url: str, said_of: "Said"
) -> None:
    secret = SecretStr(url)
    with pytest.raises(ConfigurationError, match="DISCORD_WEBHOOK_URL is not https") as refused:
        DiscordChannel(secret)
    assert TOKEN not in str(refused.value)


@pytest.mark.parametrize(
    "origin", ["https://example.org", "http://127.0.0.1.example.org:80", "http://10.0.0.1:80"]
)
def test_no_stand_in_for_discord_is_off_loopback(origin: str) -> None:
    with pytest.raises(ConfigurationError, match="and nowhere else"):
        DiscordChannel(SecretStr(f"{origin}/api/webhooks/42/{TOKEN}"), loopback_origin=origin)


def test_discord_itself_is_accepted_and_its_address_is_not_shown() -> None:
    accepted = DiscordChannel(SecretStr(f"https://discord.com/api/webhooks/42/{TOKEN}"))
    assert TOKEN not in f"{accepted!r} {vars(accepted)}"


@given(text=st.text(max_size=50), repeats=st.integers(1, 400), held_back=st.integers(0, 1000))
def test_no_message_is_longer_than_discord_takes(text: str, repeats: int, held_back: int) -> None:
    content = content_of(replace(ALERT, text=text * repeats, held_back=held_back))
    assert 0 < len(content.encode("utf-16-le")) // 2 <= LONGEST_CONTENT
    assert content.startswith("**WARNING: missed close** fetch-odds basketball_nba\n")
    assert not held_back or content.endswith(f"({held_back} more like it since the last)")


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        pytest.param("x" * 3000, "x…", id="a long one"),
        pytest.param("🏀" * 3000, "🏀…", id="a long one of characters outside the basic plane"),
        pytest.param("short", "short", id="a short one whole"),
        pytest.param("half \ud83c", "half ?", id="half a character is none"),
    ],
)
def test_a_text_is_cut_between_characters(text: str, ends: str) -> None:
    assert content_of(replace(ALERT, text=text)).endswith(ends)
