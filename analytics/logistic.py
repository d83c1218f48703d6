"""A logistic regression as JSON: fitted by scikit-learn, applied with nothing but arithmetic, never pickled."""

from datetime import UTC
from typing import Annotated, Self

import numpy as np
from numpy.typing import ArrayLike
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from analytics.odds_math import FloatArray
from analytics.optional import research_library

Utc = Annotated[AwareDatetime, AfterValidator(lambda instant: instant.astimezone(UTC))]


class LogisticModel(BaseModel):
    """What was fitted: 1 / (1 + exp(-(intercept + Σ coefficient * (feature - mean) / scale))).

    `games` is how many results it was fitted on, `trained_until` when the last of them was known.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    features: tuple[str, ...] = Field(min_length=1)
    mean: tuple[float, ...]
    scale: tuple[Annotated[float, Field(gt=0)], ...]
    coefficients: tuple[float, ...]
    intercept: float
    games: int
    trained_until: Utc

    @model_validator(mode="after")
    def _has_a_number_for_each_feature(self) -> Self:
        if not len(self.features) == len(self.mean) == len(self.scale) == len(self.coefficients):
            msg = "features, mean, scale and coefficients are of different lengths"
            raise ValueError(msg)
        return self

    def probability(self, features: ArrayLike) -> FloatArray:
        """Return the probability of each row of features, shape (..., features) in, shape (...) out.

        >>> at = "2026-01-01T00:00Z"
        >>> numbers = {"mean": [0], "scale": [1], "coefficients": [1], "intercept": 0, "games": 100}
        >>> model = LogisticModel(features=["lead"], trained_until=at, **numbers)
        >>> model.probability([[0.0], [2.0]]).round(3).tolist()
        [0.5, 0.881]
        """
        standard = (np.asarray(features, dtype=np.float64) - np.array(self.mean)) / np.array(self.scale)
        return np.asarray(1 / (1 + np.exp(-(self.intercept + standard @ np.array(self.coefficients)))))


def fit_logistic(
    features: ArrayLike, happened: ArrayLike, names: tuple[str, ...], trained_until: Utc
) -> LogisticModel:
    """Return the model that scikit-learn fits, with its usual penalty on large coefficients.

    Args:
        features: Shape (games, features).
        happened: Whether it did, shape (games,).
        names: Of the features.
        trained_until: When the last of the results was known, aware.

    Raises:
        ConfigurationError: scikit-learn is not installed.
        ValueError: It always happened, or never.
    """
    table, truth = np.asarray(features, dtype=np.float64), np.asarray(happened, dtype=np.bool_)
    if truth.all() or not truth.any():
        raise ValueError("a model needs games that ended either way")
    mean, spread = table.mean(axis=0), table.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    fitted = research_library("sklearn.linear_model").LogisticRegression().fit((table - mean) / scale, truth)
    return LogisticModel(
        features=names,
        mean=tuple(mean.tolist()),
        scale=tuple(scale.tolist()),
        coefficients=tuple(fitted.coef_[0].tolist()),
        intercept=float(fitted.intercept_[0]),
        games=len(truth),
        trained_until=trained_until,
    )
