"""Post alerts to a Discord webhook, whose address is a secret: whoever has it can post."""

import asyncio
import re
from datetime import timedelta

import aiohttp
from pydantic import SecretStr
from yarl import URL

from core.alerts import Alert
from core.errors import AlertNotDeliveredError, ConfigurationError
from core.settings.values import DISCORD_ORIGINS, is_webhook_url

LONGEST_CONTENT = 2000
_NO_MENTIONS: dict[str, list[str]] = {"parse": []}
_NO_PREVIEWS = 1 << 2
_LOOPBACK_ORIGIN = r"http://127\.0\.0\.1:\d{1,5}"
_SUCCESSES = range(200, 300)
_UTF_16 = "utf-16-le"


class DiscordChannel:
    """Posts each alert once, in a session of its own: no second try, no redirect, no mention, no preview."""

    def __init__(
        self,
        webhook_url: SecretStr,
        *,
        timeout: timedelta = timedelta(seconds=5),
        loopback_origin: str | None = None,
    ) -> None:
        """Post to a webhook at Discord over https.

        Args:
            webhook_url: The whole address.
            timeout: How long one post may take.
            loopback_origin: For tests, `http://127.0.0.1:PORT` to post to instead of Discord.

        Raises:
            ConfigurationError: The address is not that of a webhook there; it is not repeated.
        """
        if loopback_origin is not None and not re.fullmatch(_LOOPBACK_ORIGIN, loopback_origin):
            raise ConfigurationError("a stand-in for Discord is at http://127.0.0.1:PORT and nowhere else")
        origins = DISCORD_ORIGINS if loopback_origin is None else (loopback_origin,)
        if not is_webhook_url(webhook_url.get_secret_value(), origins):
            raise ConfigurationError("DISCORD_WEBHOOK_URL is not https://discord.com/api/webhooks/ID/TOKEN")
        self._webhook_url = webhook_url
        self._seconds = timeout.total_seconds()

    async def send(self, alert: Alert) -> None:
        """Post an alert.

        Raises:
            AlertNotDeliveredError: Discord did not take it; says why, without the address.
        """
        # aiohttp's errors, a cancellation that passed through it too, hold the address in their frames and texts.
        was_cancelled, fault = False, None
        try:
            fault = await self._post(content_of(alert))
        except asyncio.CancelledError:
            was_cancelled = True
        if was_cancelled:
            raise asyncio.CancelledError
        if fault is not None:
            raise AlertNotDeliveredError(fault)

    async def _post(self, content: str) -> str | None:
        """Post a text and return why that failed, if it did."""
        payload = {"content": content, "allowed_mentions": _NO_MENTIONS, "flags": _NO_PREVIEWS}
        address = URL(self._webhook_url.get_secret_value(), encoded=True)
        try:
            async with (
                aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._seconds)) as session,
                session.post(address, json=payload, allow_redirects=False) as response,
            ):
                status = response.status
        except TimeoutError:
            return f"Discord did not answer within {self._seconds:g} s"
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return f"Discord could not be reached: {type(error).__name__}"
        return None if status in _SUCCESSES else f"Discord answered {status}"


def content_of(alert: Alert) -> str:
    """Return an alert as the text of a message, cut to the length that Discord takes."""
    about = " ".join(filter(None, (alert.job, alert.sport_key)))
    head = f"**{alert.severity.upper()}: {alert.kind}**" + (f" {about}" if about else "")
    more = f"\n({alert.held_back} more like it since the last)" if alert.held_back else ""
    room = LONGEST_CONTENT - len(more)
    return _cut(f"{head}\n{alert.text}", room) + more


def _cut(text: str, units: int) -> str:
    """Return a text of at most so many UTF-16 code units, with an ellipsis where it was longer."""
    encoded = text.encode(_UTF_16, errors="replace")
    if len(encoded) <= 2 * units:
        return encoded.decode(_UTF_16)
    return encoded[: 2 * (units - 1)].decode(_UTF_16, errors="ignore") + "…"
