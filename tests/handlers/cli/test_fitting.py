"""A table keeps every cell whole on any terminal: what does not fit beside the rest stands below it."""

from collections import Counter
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from handlers.cli.fitting import fitting
from handlers.cli.output import row, table

HEADINGS = ("by bookmaker", "bets", "profit", "return", "interval", "p", "p (Holm)", "CLV")
CELLS = ("williamhill_us", "1,230", "-12,345", "-10.1 %", "-14.9 to -5.3 %", "< 0.001", "0.021", "-1.3 %")
WORD = st.text("abcdefgh0123456789%+-", min_size=1, max_size=14)
WORDS = st.lists(WORD, min_size=1, max_size=6).map(" ".join)


def printed(
    cells: Sequence[tuple[str, ...]], headings: tuple[str, ...], right: tuple[str, ...], width: int
) -> list[str]:
    """Return the lines of a table on a terminal of some width."""
    made = table(*headings, right=right)
    for one in cells:
        row(made, *one)
    console = Console(width=width, highlight=False)
    with console.capture() as written:
        for part in fitting(made, width):
            console.print(part)
    return written.get().splitlines()


@pytest.mark.parametrize("width", [60, 80, 110])
def test_no_figure_vanishes_or_is_cut(width: int) -> None:
    lines = printed([CELLS], HEADINGS, HEADINGS[1:], width)
    assert max(map(len, lines)) <= width
    text = "\n".join(lines)
    assert "…" not in text
    assert all(cell in text for cell in (*HEADINGS, *CELLS))


def test_a_table_that_fits_is_not_taken_apart() -> None:
    lines = printed([CELLS], HEADINGS, HEADINGS[1:], 110)
    assert sum(CELLS[0] in line for line in lines) == 1


def test_each_part_says_whose_figures_they_are() -> None:
    lines = printed([CELLS], HEADINGS, HEADINGS[1:], 60)
    assert sum(CELLS[0] in line for line in lines) == 2


def test_a_last_column_of_words_wraps_before_anything_is_taken_apart() -> None:
    lines = printed(
        [("americanfootball_nfl", "12", "a reason longer than the line")], ("sport", "looks", "why"), (), 50
    )
    assert sum("americanfootball_nfl" in line for line in lines) == 1
    assert [line.split()[-1] for line in lines if line.strip()][-1] == "line"


@given(
    cells=st.integers(1, 7).flatmap(
        lambda columns: st.lists(st.tuples(*[WORD] * (columns - 1), WORDS), min_size=1, max_size=3)
    ),
    width=st.integers(34, 120),
    words_last=st.booleans(),
)
def test_every_word_of_any_table_is_there_on_any_terminal(
    cells: list[tuple[str, ...]], width: int, words_last: bool
) -> None:
    headings = tuple(f"heading{place}" for place in range(len(cells[0])))
    lines = printed(cells, headings, headings[: -1 if words_last else None], width)
    assert max(map(len, lines)) <= width
    there = Counter(" ".join(lines).split())
    assert Counter(" ".join(" ".join(one) for one in cells).split()) - there == Counter()
