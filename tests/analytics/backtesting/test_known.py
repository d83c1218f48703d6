"""What a run's data allowed is counted: decisions, and quotes."""

from dataclasses import replace
from datetime import datetime, timedelta

from analytics.backtesting.board_building import build_board, screen
from analytics.backtesting.decisions import Decisions, Unmade
from analytics.backtesting.history import Score, StartKnown
from analytics.backtesting.known import known_of
from analytics.backtesting.result import DataQuality
from tests.analytics.boards import TIP_OFF, Quoted, all_made, columns_of, decision, h2h, history_of, season


def test_decisions_and_quotes_are_counted_by_what_became_of_them() -> None:
    made = tuple(decision(number) for number in range(4))
    stale = Quoted("bovada", "h2h", "Lakers", 100, seen=timedelta(hours=9))
    imported = [quote._replace(source="import") for quote in h2h("pinnacle", -110, -110)]
    quotes = [[*h2h("bovada", -150, 130), *imported], [stale], [], [stale, *h2h("bovada", -150, 130)]]
    read, valid = build_board(made, columns_of(made, quotes))
    screened = screen(read, valid, season())
    unmade = {Unmade.LISTED_LATE: 1, Unmade.CANCELLED: 0, Unmade.REFUSED: 2}
    histories = {event.event_id: history_of(event) for event in made}
    put_off = StartKnown(TIP_OFF, TIP_OFF + timedelta(days=9))
    moved = {
        key: replace(histories[key], starts=(*histories[key].starts, put_off)) for key in ("event0", "event2")
    }
    known = known_of(
        Decisions(made, unmade, frozenset(f"event{number}" for number in range(7))),
        {**histories, **moved},
        read,
        screened,
    )
    assert known.quality == DataQuality(
        events=7,
        decisions=7,
        decided=2,
        listed_late=1,
        refused=2,
        without_odds=1,
        only_stale=1,
        quotes=6,
        stale_quotes=2,
        postponed=1,
        by_source={"import": 2, "live": 4},
    )
    assert known.board is screened.board


def test_decisions_that_were_due_later_than_the_last_look_at_their_sport_are_counted_apart() -> None:
    made = tuple(decision(number, sport_key=key) for number, key in enumerate(["nba", "nhl", "nba"]))
    stale = Quoted("bovada", "h2h", "Lakers", 100, seen=timedelta(hours=9))
    read, valid = build_board(made, columns_of(made, [[stale], [stale], h2h("bovada", -150, 130)]))
    histories = {event.event_id: history_of(event) for event in made}
    screened = screen(read, valid, season())

    def counted(**last_looks: datetime) -> tuple[int, int, int]:
        quality = known_of(all_made(made), histories, read, screened, last_looks).quality
        return quality.decided, quality.only_stale, quality.after_last_look

    due = made[0].decided_at
    assert counted() == counted(nba=due, nhl=due + timedelta(days=1)) == (1, 2, 0)
    assert counted(nba=due - timedelta(hours=9), nhl=due) == (1, 1, 1)
    assert counted(nba=due - timedelta(hours=9), nhl=due - timedelta(hours=9)) == (1, 0, 2)


def test_an_event_that_a_file_told_of_is_counted_once_however_often_it_is_decided() -> None:
    made = tuple(decision(number, hours=2 - number, event_id="event0") for number in range(2))
    told = replace(history_of(made[0]), regulation=Score(2, 2))
    read, valid = build_board(made, columns_of(made, [h2h("bovada", -150, 130)] * 2))
    known = known_of(all_made(made), {"event0": told}, read, screen(read, valid, season()))
    assert (known.quality.events, known.quality.brought) == (1, 1)
