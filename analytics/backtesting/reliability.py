"""Whether what was said to happen with a probability happened that often."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """Neighbouring probabilities: their mean, the share that came true, and the standard error of that share.

    The error is the one that chance alone gives where the probabilities are right: √(mean p(1 - p) / count).
    """

    count: int
    predicted: float
    realised: float
    standard_error: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """How well probabilities fit what happened.

    `brier` is the mean of (p - outcome)², `calibration_error` the mean distance of a bin's realised share from its
    predicted one, weighted by count. `z` is Spiegelhalter's: standard normal where the probabilities are right and
    the outcomes independent, None where every probability is one half; `p_value` is two-sided.
    """

    bins: tuple[ReliabilityBin, ...]
    count: int
    brier: float
    calibration_error: float
    z: float | None
    p_value: float | None


def reliability(probabilities: ArrayLike, happened: ArrayLike, *, bins: int = 10) -> Reliability:
    """Compare probabilities with what happened, in bins of equal count.

    Args:
        probabilities: Shape (n,), each strictly between 0 and 1.
        happened: Shape (n,), true or 1 where it came true.
        bins: How many bins; fewer where there are fewer probabilities.

    Raises:
        ValueError: The shapes differ, there is nothing to compare, or a probability is none.

    Source: D. J. Spiegelhalter, "Probabilistic prediction in patient management", Statistics in Medicine 5 (1986).

    >>> found = reliability([0.2, 0.2, 0.2, 0.2, 0.8], [0, 0, 0, 1, 1], bins=1)
    >>> one = found.bins[0]
    >>> one.count, round(one.predicted, 2), round(one.realised, 2), round(one.standard_error, 2)
    (5, 0.32, 0.4, 0.18)
    """
    p = np.asarray(probabilities, dtype=np.float64)
    y = np.asarray(happened, dtype=np.float64)
    if p.ndim != 1 or p.shape != y.shape or not p.size:
        msg = f"probabilities and outcomes need one shape (n,), n at least 1, not {p.shape} and {y.shape}"
        raise ValueError(msg)
    if not np.all((p > 0) & (p < 1)):
        msg = "a probability must lie strictly between 0 and 1"
        raise ValueError(msg)
    if bins < 1:
        msg = f"bins must be at least 1, not {bins}"
        raise ValueError(msg)
    order = np.argsort(p, kind="stable")
    parts = np.array_split(order, min(bins, p.size))
    found = tuple(_bin(p[part], y[part]) for part in parts)
    z = _spiegelhalter(p, y)
    return Reliability(
        bins=found,
        count=int(p.size),
        brier=float(np.mean((p - y) ** 2)),
        calibration_error=sum(one.count * abs(one.realised - one.predicted) for one in found) / p.size,
        z=z,
        p_value=None if z is None else math.erfc(abs(z) / math.sqrt(2)),
    )


def _bin(p: NDArray[np.float64], y: NDArray[np.float64]) -> ReliabilityBin:
    error = math.sqrt(float(np.mean(p * (1 - p))) / p.size)
    return ReliabilityBin(int(p.size), float(np.mean(p)), float(np.mean(y)), error)


def _spiegelhalter(p: NDArray[np.float64], y: NDArray[np.float64]) -> float | None:
    variance = float(np.sum((1 - 2 * p) ** 2 * p * (1 - p)))
    return float(np.sum((y - p) * (1 - 2 * p))) / math.sqrt(variance) if variance > 0 else None
