"""Frames of both libraries hold the same values in the same types, whether there are rows or not."""

from typing import Any, get_args

import pytest

from analytics.frames import (
    Library,
    bets_frame,
    closing_lines_frame,
    equity_frame,
    events_frame,
    odds_frame,
)
from tests.analytics.results import draw_bets, make_result

pytest.importorskip("pyarrow", reason="frames need the extra research")

LIBRARIES = get_args(Library)


@pytest.mark.parametrize("library", LIBRARIES)
def test_a_frame_is_of_the_library_asked_for_and_holds_every_bet(library: Library) -> None:
    pytest.importorskip(library, reason="frames need the extra research")
    result = make_result(draw_bets(40))
    frame = bets_frame(result, library=library)
    assert type(frame).__module__.split(".")[0] == library
    assert list(frame["profit"]) == [bet.profit for bet in result.bets]
    assert list(equity_frame(result, library=library)["bankroll"]) == [day.bankroll for day in result.equity]


def test_both_libraries_give_the_same_table() -> None:
    result = make_result(draw_bets(40))
    pandas, polars = (bets_frame(result, library=library) for library in LIBRARIES)
    assert pandas["decided_at"].tolist() == polars["decided_at"].to_list()
    assert pandas["profit"].tolist() == polars["profit"].to_list()
    assert str(pandas.dtypes["decided_at"]) == "timestamp[us, tz=UTC][pyarrow]"
    assert str(polars.schema["decided_at"]) == "Datetime(time_unit='us', time_zone='UTC')"


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("frame", [events_frame, odds_frame, closing_lines_frame])
def test_without_rows_the_columns_are_there_with_their_types(frame: Any, library: Library) -> None:
    made = frame([], library=library)
    assert len(made) == 0
    assert "commence_time" in made.columns or "odds_timestamp" in made.columns
    assert not {"object", "Null"} & {str(kind) for kind in made.dtypes}
