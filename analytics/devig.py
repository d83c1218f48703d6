"""Fair probabilities: the vig taken out of the prices of a market, shape (..., outcomes), fair ones out.

Each method assumes another way in which a bookmaker spreads its vig. A market with a missing price (NaN) has none.
Prices without vig, or below it, are legal input: the same equations are solved with a negative margin.
Sources: H. S. Shin, Measuring the Incidence of Insider Trading in a Market for State-Contingent Claims (1993);
S. Clarke, S. Kovalchik, M. Ingram, Adjusting Bookmaker's Odds to Allow for Overround (2017); K. Cheung, Fixed-Odds
Betting and Traditional Odds (2015).
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from analytics.odds_math import FloatArray, implied_market
from analytics.roots import decreasing_root


class DevigMethod(StrEnum):
    """How the vig is taken out; `LOGARITHMIC` is another name for the numbers of `ODDS_RATIO`."""

    MULTIPLICATIVE = "multiplicative"
    ADDITIVE = "additive"
    POWER = "power"
    SHIN = "shin"
    ODDS_RATIO = "odds_ratio"
    LOGARITHMIC = "logarithmic"
    WORST_CASE = "worst_case"


def no_vig(decimal: ArrayLike, method: DevigMethod) -> FloatArray:
    """Return fair probabilities by a method; raises ValueError for odds that are not above 1.

    >>> no_vig([1.25, 4.2], DevigMethod.POWER).round(6).tolist()
    [0.786533, 0.213467]
    """
    return _METHODS[method](decimal)


def no_vig_multiplicative(decimal: ArrayLike) -> FloatArray:
    """Return fair probabilities, the vig taken in proportion to each implied probability.

    >>> no_vig_multiplicative([1.25, 4.2]).round(6).tolist()
    [0.770642, 0.229358]
    """
    implied = implied_market(decimal)
    return np.asarray(implied / implied.sum(axis=-1, keepdims=True))


def no_vig_additive(decimal: ArrayLike) -> FloatArray:
    """Return fair probabilities, the same taken from each implied probability.

    Where that leaves an outcome without any, the method has no answer and the market is NaN.

    >>> no_vig_additive([1.25, 4.2]).round(6).tolist()
    [0.780952, 0.219048]
    """
    implied = implied_market(decimal)
    excess = implied.sum(axis=-1, keepdims=True) - 1
    fair = implied - excess / implied.shape[-1]
    return np.where((fair > 0).all(axis=-1, keepdims=True), fair, np.nan)


def no_vig_power(decimal: ArrayLike) -> FloatArray:
    """Return fair probabilities, each implied probability raised to the same power.

    >>> no_vig_power([1.25, 4.2]).round(6).tolist()
    [0.786533, 0.213467]
    """
    return np.asarray(implied_market(decimal) ** power_exponent(decimal)[..., np.newaxis])


def power_exponent(decimal: ArrayLike) -> FloatArray:
    """Return the power of `no_vig_power`, shape (...): 1 without vig, above 1 with it.

    >>> round(float(power_exponent([1.25, 4.2])), 6)
    1.076084
    """
    implied = implied_market(decimal)
    logs = np.log(implied)

    def excess(exponent: FloatArray) -> tuple[FloatArray, FloatArray]:
        fair = np.exp(logs * exponent[..., np.newaxis])
        return fair.sum(axis=-1) - 1, (fair * logs).sum(axis=-1)

    return _solved(excess, -np.log(implied.shape[-1]) / logs)


def no_vig_shin(decimal: ArrayLike) -> FloatArray:
    """Return fair probabilities by Shin's model, where a share of the stakes knows the outcome.

    With two outcomes they are those of `no_vig_additive`.

    >>> no_vig_shin([2.7, 2.3, 4.4]).round(6).tolist()
    [0.359344, 0.423244, 0.217412]
    """
    return _shin(_shin_weight(implied_market(decimal)), insider_share(decimal)[..., np.newaxis])


def insider_share(decimal: ArrayLike) -> FloatArray:
    """Return Shin's z, shape (...): the share of stakes that know the outcome, negative below no vig.

    >>> round(float(insider_share([2.7, 2.3, 4.4])), 6)
    0.016236
    """
    weight = _shin_weight(implied_market(decimal))
    outcomes = weight.shape[-1]

    def excess(share: FloatArray) -> tuple[FloatArray, FloatArray]:
        z = share[..., np.newaxis]
        fair = _shin(weight, z)
        slope = -fair * (1 - fair) / (z * (1 - 2 * fair) + 2 * fair)
        return fair.sum(axis=-1) - 1, slope.sum(axis=-1)

    return _solved(excess, np.minimum((weight * outcomes**2 - 1) / (outcomes - 1), 1))


def no_vig_odds_ratio(decimal: ArrayLike) -> FloatArray:
    """Return fair probabilities, the odds of each outcome divided by the same ratio.

    On a logarithmic scale it is the same number taken from each log odds: the logarithmic method is this one.

    >>> no_vig_odds_ratio([2.7, 2.3, 4.4]).round(6).tolist()
    [0.35881, 0.422561, 0.218628]
    """
    implied = implied_market(decimal)
    log_odds = np.log(implied) - np.log1p(-implied)

    def fair(shift: FloatArray) -> FloatArray:
        return np.asarray(1 / (1 + np.exp(shift[..., np.newaxis] - log_odds)))

    def excess(shift: FloatArray) -> tuple[FloatArray, FloatArray]:
        chance = fair(shift)
        return chance.sum(axis=-1) - 1, -(chance * (1 - chance)).sum(axis=-1)

    return fair(_solved(excess, log_odds + np.log(implied.shape[-1] - 1)))


def no_vig_worst_case(decimal: ArrayLike) -> FloatArray:
    """Return for each outcome the smallest probability that any of the methods gives; they sum to at most 1.

    >>> no_vig_worst_case([1.25, 4.2]).round(6).tolist()
    [0.770642, 0.213467]
    """
    methods = (no_vig_multiplicative, no_vig_additive, no_vig_power, no_vig_shin, no_vig_odds_ratio)
    return np.asarray(np.fmin.reduce([method(decimal) for method in methods]))


_METHODS: Mapping[DevigMethod, Callable[[ArrayLike], FloatArray]] = MappingProxyType(
    {
        DevigMethod.MULTIPLICATIVE: no_vig_multiplicative,
        DevigMethod.ADDITIVE: no_vig_additive,
        DevigMethod.POWER: no_vig_power,
        DevigMethod.SHIN: no_vig_shin,
        DevigMethod.ODDS_RATIO: no_vig_odds_ratio,
        DevigMethod.LOGARITHMIC: no_vig_odds_ratio,
        DevigMethod.WORST_CASE: no_vig_worst_case,
    }
)


def _solved(excess: Callable[[FloatArray], tuple[FloatArray, FloatArray]], even_at: FloatArray) -> FloatArray:
    """Return where the excess is 0, between the parameters at which single outcomes have 1 / outcomes."""
    return decreasing_root(excess, even_at.min(axis=-1), even_at.max(axis=-1))


def _shin_weight(implied: FloatArray) -> FloatArray:
    return np.asarray(implied**2 / implied.sum(axis=-1, keepdims=True))


def _shin(weight: FloatArray, z: FloatArray) -> FloatArray:
    return np.asarray(2 * weight / (z + np.sqrt(z**2 + 4 * (1 - z) * weight)))
