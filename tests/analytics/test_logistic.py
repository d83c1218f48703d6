from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from analytics.logistic import LogisticModel, fit_logistic
from analytics.odds_math import FloatArray
from tests.analytics.conftest import compared_with

AT = datetime(2026, 1, 1, tzinfo=UTC)
NUMBERS: dict[str, Any] = {
    "features": ["lead"],
    "mean": [0.0],
    "scale": [1.0],
    "coefficients": [1.0],
    "intercept": 0.0,
    "games": 100,
    "trained_until": AT,
}


def games(count: int = 2000) -> tuple[FloatArray, np.ndarray[Any, np.dtype[np.bool_]]]:
    rng = np.random.default_rng(1)
    features = np.stack([rng.normal(0, 1, count), rng.normal(50, 120, count)], axis=1)
    chance = 1 / (1 + np.exp(-(0.9 * features[:, 0] + 0.002 * features[:, 1])))
    return features, rng.random(count) < chance


def fitted() -> LogisticModel:
    compared_with("sklearn")
    return fit_logistic(*games(), ("market", "lead"), AT)


def test_plain_arithmetic_gives_the_probabilities_of_scikit_learn() -> None:
    features, happened = games()
    linear = compared_with("sklearn.linear_model")
    mean, scale = features.mean(axis=0), features.std(axis=0)
    theirs = linear.LogisticRegression().fit((features - mean) / scale, happened)
    expected = theirs.predict_proba((features - mean) / scale)[:, 1]
    np.testing.assert_allclose(fitted().probability(features), expected, atol=1e-9)


def test_what_is_fitted_is_near_what_made_the_games() -> None:
    model = fitted()
    slopes = np.array(model.coefficients) / np.array(model.scale)
    assert slopes == pytest.approx([0.9, 0.002], rel=0.25)
    assert (model.games, model.features, model.trained_until) == (2000, ("market", "lead"), AT)


def test_a_model_is_json_that_reads_back_as_an_equal_one() -> None:
    model = fitted()
    assert LogisticModel.model_validate_json(model.model_dump_json()) == model


def test_a_feature_that_never_varies_is_no_obstacle() -> None:
    features, happened = games(300)
    features[:, 1] = 7
    compared_with("sklearn")
    chances = fit_logistic(features, happened, ("market", "constant"), AT).probability(features)
    assert np.isfinite(chances).all()


@pytest.mark.parametrize("happened", [[True, True], [False, False]])
def test_games_that_all_ended_the_same_way_teach_nothing(happened: list[bool]) -> None:
    with pytest.raises(ValueError, match="games that ended either way"):
        fit_logistic([[0.0], [1.0]], happened, ("lead",), AT)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        pytest.param({"mean": [0.0, 1.0]}, "different lengths", id="a mean too many"),
        pytest.param({"scale": [0.0]}, "greater than 0", id="no scale"),
        pytest.param({"coefficients": [float("nan")]}, "finite number", id="a coefficient that is no number"),
        pytest.param({"trained_until": datetime(2026, 1, 1)}, "timezone", id="an instant without its offset"),  # noqa: DTZ001
        pytest.param({"code": "import os"}, "Extra inputs", id="more than a model"),
    ],
)
def test_what_is_no_model_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        LogisticModel.model_validate({**NUMBERS, **changes})
