"""All that a run knows: its decisions, the odds known at each, and what became known of the games afterwards."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import numpy as np

from analytics.backtesting.board import OddsBoard
from analytics.backtesting.board_building import Screened
from analytics.backtesting.decisions import Decisions, Unmade
from analytics.backtesting.history import EventHistory
from analytics.backtesting.result import DataQuality
from analytics.backtesting.settlement_rules import rules_of


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What was read for a run. Strategies see the board; the histories settle bets and are kept from them."""

    decisions: Decisions
    histories: Mapping[str, EventHistory]
    board: OddsBoard
    quality: DataQuality


def known_of(
    decisions: Decisions,
    histories: Mapping[str, EventHistory],
    read: OddsBoard,
    screened: Screened,
    last_looks: Mapping[str, datetime] = MappingProxyType({}),
) -> Known:
    """Return what a run knows, and what its data allowed, counted.

    Args:
        decisions: Those of the run.
        histories: The events that were read, by id.
        read: Every quote known at the decisions.
        screened: Those that bets may rest on.
        last_looks: When each sport was looked at last, aware UTC, by its key; one without is looked at still.
    """
    made, board = decisions.made, screened.board
    known, usable = (np.bincount(each.event, minlength=len(made)) > 0 for each in (read, board))
    sources = Counter(board.source.tolist())
    stale = [event for event, is_stale in zip(made, known & ~usable, strict=True) if is_stale]
    ended = [event for event in stale if event.decided_at > last_looks.get(event.sport_key, event.decided_at)]
    quality = DataQuality(
        events=len(decisions.event_ids),
        decisions=len(made) + sum(decisions.unmade.values()),
        decided=int(usable.sum()),
        listed_late=decisions.unmade[Unmade.LISTED_LATE],
        cancelled=decisions.unmade[Unmade.CANCELLED],
        refused=decisions.unmade[Unmade.REFUSED],
        without_odds=int((~known).sum()),
        only_stale=len(stale) - len(ended),
        after_last_look=len(ended),
        quotes=len(board),
        stale_quotes=screened.stale_quotes,
        invalid_quotes=screened.invalid_quotes,
        postponed=sum(
            rules_of(event.sport_key).moved_too_far(histories[event.event_id].started_at - event.commence_time)
            for event, decided in zip(made, usable, strict=True)
            if decided
        ),
        brought=len(brought_of(decisions, histories)),
        by_source={board.sources[source]: count for source, count in sorted(sources.items())},
    )
    return Known(decisions, histories, board, quality)


def brought_of(decisions: Decisions, histories: Mapping[str, EventHistory]) -> frozenset[str]:
    """Return the ids of the decided events that a file of the user's told of."""
    return frozenset(event.event_id for event in decisions.made if histories[event.event_id].is_brought)
