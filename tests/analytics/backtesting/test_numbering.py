"""What is alike has one number, and nothing else has."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.backtesting.numbering import line_numbers, numbered

NUMBERS_FEW_AND_MANY = st.one_of(st.integers(0, 1), st.integers(0, 400))
ROWS = NUMBERS_FEW_AND_MANY.flatmap(
    lambda most: st.lists(
        st.tuples(st.integers(-2, 3), st.integers(-1, 1), st.integers(0, most)), min_size=1, max_size=12
    )
)


@given(ROWS)
def test_rows_have_the_same_number_where_they_are_the_same_and_numbers_are_in_their_order(
    rows: list[tuple[int, int, int]],
) -> None:
    numbers = numbered(*(np.array(column) for column in zip(*rows, strict=True))).tolist()
    places = {row: place for place, row in enumerate(sorted(set(rows)))}
    assert numbers == [places[row] for row in rows]


@given(st.lists(st.sampled_from([-3.5, 0.0, 2.25, np.nan]), max_size=8))
def test_lines_are_numbered_in_order_and_those_that_have_none_are_one(lines: list[float]) -> None:
    numbers = line_numbers(np.array(lines)).tolist()
    told = ["none" if np.isnan(line) else str(line) for line in lines]
    assert len(set(zip(numbers, told, strict=True))) == len(set(told)) == len(set(numbers))
