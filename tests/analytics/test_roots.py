import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.devig import DevigMethod, no_vig
from analytics.odds_math import FloatArray
from analytics.roots import decreasing_root


@given(st.lists(st.floats(-50, 50), min_size=1))
def test_every_root_of_an_array_is_found(roots: list[float]) -> None:
    wanted = np.asarray(roots)

    def cubes(argument: FloatArray) -> tuple[FloatArray, FloatArray]:
        distance = argument - wanted
        return -(distance**3) - distance, -3 * distance**2 - 1

    found = decreasing_root(cubes, np.full_like(wanted, -100.0), np.full_like(wanted, 100.0))
    np.testing.assert_allclose(found, wanted, atol=1e-9)


def test_a_slope_that_leads_astray_is_left_for_halving() -> None:
    def step(argument: FloatArray) -> tuple[FloatArray, FloatArray]:
        return -np.tanh(50 * (argument - 3)), np.full_like(argument, -1e-9)

    assert decreasing_root(step, np.array(0.0), np.array(10.0)) == pytest.approx(3, abs=1e-9)


def test_a_root_on_the_edge_is_found() -> None:
    def line(argument: FloatArray) -> tuple[FloatArray, FloatArray]:
        return 1 - argument, np.full_like(argument, -1.0)

    assert decreasing_root(line, np.array([1.0, 0.0]), np.array([5.0, 1.0])).tolist() == [1.0, 1.0]


def test_what_is_missing_stays_missing_and_holds_nothing_up() -> None:
    def line(argument: FloatArray) -> tuple[FloatArray, FloatArray]:
        return 2 - argument, np.full_like(argument, -1.0)

    found = decreasing_root(line, np.array([np.nan, 0.0]), np.array([np.nan, 4.0]))
    assert np.isnan(found[0])
    assert found[1] == 2


def test_one_pair_of_bounds_may_be_that_of_all() -> None:
    roots = np.array([0.5, 2.0, 3.5])

    def lines(argument: FloatArray) -> tuple[FloatArray, FloatArray]:
        return roots - argument, np.full_like(roots, -1.0)

    assert decreasing_root(lines, np.array([0.0]), np.array([4.0])).tolist() == roots.tolist()


@pytest.mark.parametrize("method", [DevigMethod.POWER, DevigMethod.SHIN, DevigMethod.ODDS_RATIO])
def test_a_root_does_not_depend_on_those_sought_beside_it(method: DevigMethod) -> None:
    random = np.random.default_rng(1)
    chance, margin = random.uniform(0.2, 0.8, 1000), random.uniform(1.02, 1.07, 1000)
    odds = np.round(np.stack([1 / (chance * margin), 1 / ((1 - chance) * margin)], axis=-1), 2)
    together = no_vig(odds, method)
    apart = np.concatenate([no_vig(part, method) for part in (odds[:1], odds[1:200], odds[200:])])
    np.testing.assert_array_equal(apart, together)
