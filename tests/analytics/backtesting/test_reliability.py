import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.backtesting.reliability import reliability

PAIRS = st.lists(st.tuples(st.floats(0.01, 0.99), st.booleans()), min_size=1, max_size=60)


@given(PAIRS, st.integers(1, 12))
def test_bins_hold_every_pair_once_in_order_of_probability(pairs: list[tuple[float, bool]], bins: int) -> None:
    found = reliability(*zip(*pairs, strict=True), bins=bins)
    assert sum(one.count for one in found.bins) == found.count == len(pairs)
    assert [one.predicted for one in found.bins] == sorted(one.predicted for one in found.bins)
    realised = sum(one.count * one.realised for one in found.bins)
    assert realised == pytest.approx(sum(happened for _, happened in pairs))
    assert max(one.count for one in found.bins) - min(one.count for one in found.bins) <= 1


@given(PAIRS)
def test_the_brier_score_is_between_0_and_1_and_the_order_of_the_pairs_is_nothing(
    pairs: list[tuple[float, bool]],
) -> None:
    found, turned = (reliability(*zip(*some, strict=True), bins=1) for some in (pairs, pairs[::-1]))
    assert 0 <= found.brier <= 1
    assert found.brier == pytest.approx(turned.brier)


def test_right_probabilities_are_not_refused_and_wrong_ones_are() -> None:
    dice = np.random.default_rng(1)
    p = dice.uniform(0.05, 0.95, 20_000)
    happened = dice.random(20_000) < p
    right = reliability(p, happened)
    assert right.p_value is not None
    assert right.p_value > 0.01
    assert all(abs(one.realised - one.predicted) < 4 * one.standard_error for one in right.bins)
    wrong = reliability(0.5 + (p - 0.5) * 0.8, happened)
    assert wrong.p_value is not None
    assert wrong.p_value < 1e-6


def test_where_every_probability_is_one_half_the_statistic_is_undefined() -> None:
    found = reliability([0.5, 0.5], [True, False])
    assert (found.z, found.p_value, found.brier) == (None, None, 0.25)


@pytest.mark.parametrize(
    ("probabilities", "happened", "bins", "told"),
    [
        pytest.param([], [], 10, "n at least 1", id="nothing"),
        pytest.param([0.5, 0.5], [1], 10, r"one shape \(n,\)", id="two lengths"),
        pytest.param([1.0], [1], 10, "strictly between 0 and 1", id="certainty"),
        pytest.param([float("nan")], [1], 10, "strictly between 0 and 1", id="no number"),
        pytest.param([0.5], [1], 0, "bins must be at least 1", id="no bins"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    probabilities: list[float], happened: list[int], bins: int, told: str
) -> None:
    with pytest.raises(ValueError, match=told):
        reliability(probabilities, happened, bins=bins)
