"""The bodies of the feed's answers, read into frozen values; what does not fit the contract is set aside.

Unknown fields and keys pass. A body that is not the contract at all raises PayloadError.
"""

import re
from typing import Any

from core.feed.errors import PayloadError
from core.feed.fields import (
    Fields,
    UnusableError,
    json_text,
    kind,
    read_array,
    read_boolean,
    read_optional_instant,
    read_optional_text,
    read_text,
)
from core.feed.payload_reading import EventRow, SetAside, decode, decode_array, event_row, event_rows
from core.feed.quote_reading import OddsFormat, QuoteReader
from core.feed.values import EventOdds, EventsAnswer, FeedScore, FeedSport, OddsAnswer, ScoresAnswer

_WHOLE_SCORE = re.compile(r"-?[0-9]{1,6}")


def parse_sports(body: bytes) -> tuple[FeedSport, ...]:
    """Return the sports of a sports answer, without the rows that name none.

    Raises:
        PayloadError: The body is no JSON array.
    """
    sports = (_sport(row) for row in decode_array(body))
    return tuple(sport for sport in sports if sport is not None)


def parse_events(body: bytes) -> EventsAnswer:
    """Return the events of an events answer, in feed order.

    Raises:
        PayloadError: The body is no JSON array.
    """
    aside = SetAside()
    events = tuple(row.event for row in event_rows(decode_array(body), aside))
    return EventsAnswer(events, aside.parts())


def parse_odds(body: bytes, *, odds_format: OddsFormat = "american") -> OddsAnswer:
    """Return the events of an odds answer with their quotes, in feed order.

    An event whose bookmakers cannot be told is set aside whole, so that it does not pass for one without any.

    Args:
        body: An array of events, or the one event object of an event-odds answer.
        odds_format: How the body writes its prices; decimal odds become American, rounded half away from zero.

    Raises:
        PayloadError: The body is no JSON, or neither an array nor an event.
    """
    aside = SetAside()
    events = (_event_odds(row, odds_format, aside) for row in _odds_rows(decode(body), aside))
    return OddsAnswer(tuple(event for event in events if event is not None), aside.parts())


def parse_scores(body: bytes) -> ScoresAnswer:
    """Return the rows of a scores answer, in feed order; scores are matched to teams by name.

    Raises:
        PayloadError: The body is no JSON array.
    """
    aside = SetAside()
    scores = (_score_row(row, aside) for row in event_rows(decode_array(body), aside))
    return ScoresAnswer(tuple(score for score in scores if score is not None), aside.parts())


def _sport(row: Any) -> FeedSport | None:  # noqa: ANN401
    if not isinstance(row, dict):
        return None
    try:
        sport_key = read_text(row, "key")
        group = read_optional_text(row, "group") or ""
        title = read_optional_text(row, "title") or sport_key
    except UnusableError:
        return None
    return FeedSport(sport_key, group, title, row.get("active") is True, row.get("has_outrights") is True)


def _odds_rows(value: object, aside: SetAside) -> list[EventRow]:
    if isinstance(value, list):
        return list(event_rows(value, aside))
    if isinstance(value, dict) and ("id" in value or "bookmakers" in value):
        row = event_row(value, "$", aside)
        return [row] if row else []
    raise PayloadError("$", f"an array of events or one event was expected, not {kind(value)}")


def _event_odds(row: EventRow, odds_format: OddsFormat, aside: SetAside) -> EventOdds | None:
    event_id = row.event.event_id
    try:
        bookmakers, raw = read_array(row.fields, "bookmakers"), _raw(row.fields)
    except UnusableError as error:
        aside.add(row.path + error.path, error.reason, row.fields, event_id)
        return None
    reader = QuoteReader(event_id, odds_format, aside)
    reader.read(bookmakers, f"{row.path}.bookmakers")
    return EventOdds(row.event, tuple(reader.bookmakers.values()), tuple(reader.quotes), raw)


def _raw(fields: Fields) -> str:
    """Return an event's JSON text; raises UnusableError when a JSON column of Postgres could not keep it."""
    raw = json_text(fields)
    if raw is None:
        raise UnusableError("", "nested too deeply")
    if _holds_nul(raw):
        raise UnusableError("", "holds a NUL character, which no text column can keep")
    return raw


def _holds_nul(json: str) -> bool:
    """Tell whether JSON text escapes a NUL; an escaped backslash before the same letters is something else."""
    return "\\u0000" in json and "\\u0000" in json.replace("\\\\", "")


def _score_row(row: EventRow, aside: SetAside) -> FeedScore | None:
    event = row.event
    try:
        completed = read_boolean(row.fields, "completed")
    except UnusableError as error:
        aside.add(row.path + error.path, error.reason, row.fields, event.event_id)
        return None
    scores = _team_scores(row, aside)
    last_update = aside.field(read_optional_instant, row.fields, "last_update", row.path, event.event_id)
    return FeedScore(event, completed, scores.get(event.home_team), scores.get(event.away_team), last_update)


def _team_scores(row: EventRow, aside: SetAside) -> dict[str | None, int]:
    """Return the scores by team name, as far as they can be read."""
    listed, path, event_id = row.fields.get("scores"), f"{row.path}.scores", row.event.event_id
    if listed is None:
        return {}
    if not isinstance(listed, list):
        aside.add(path, f"an array was expected, not {kind(listed)}", listed, event_id)
        return {}
    scores: dict[str | None, int] = {}
    for index, entry in enumerate(listed):
        try:
            name, score = _team_score(entry, row)
            if name in scores:
                raise UnusableError("", "listed twice")  # noqa: TRY301
            if score is not None:
                scores[name] = score
        except UnusableError as error:
            aside.add(f"{path}[{index}]{error.path}", error.reason, entry, event_id)
    return scores


def _team_score(entry: Any, row: EventRow) -> tuple[str, int | None]:  # noqa: ANN401
    if not isinstance(entry, dict):
        raise UnusableError("", f"an object was expected, not {kind(entry)}")
    name = read_text(entry, "name")
    if name not in (row.event.home_team, row.event.away_team):
        raise UnusableError(".name", "names neither team of the event")
    return name, _whole_score(entry)


def _whole_score(entry: Fields) -> int | None:
    score = entry.get("score")
    if score is None:
        return None
    if isinstance(score, bool) or not isinstance(score, int | str) or not _WHOLE_SCORE.fullmatch(str(score)):
        raise UnusableError(".score", "a whole number was expected")
    return int(score)
