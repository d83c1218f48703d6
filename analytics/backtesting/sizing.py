"""What each bet deserves by a run's rule, before limits."""

from collections.abc import Mapping, Sequence

import numpy as np

from analytics.backtesting.config import FlatStake, FractionalKelly, PercentageStake, Sizing
from analytics.backtesting.placing import Sizer
from analytics.backtesting.values import Opportunities
from analytics.odds_math import FloatArray
from analytics.simultaneous_kelly import OpenBets, simultaneous_kelly
from analytics.staking import kelly
from core.errors import ConfigurationError


class _Same:
    """The same of every bet: an amount of money, or a share of the bankroll."""

    def __init__(self, *, amount: float = 0.0, share: float = 0.0) -> None:
        self._amount, self._share = amount, share

    def stakes(self, numbers: Sequence[int], bankroll: float, open_stakes: Mapping[int, float]) -> Sequence[float]:
        """Return the same for each, whatever is open."""
        del open_stakes
        return [self.combined(bankroll)] * len(numbers)

    def combined(self, bankroll: float) -> float:
        """Return the same for all bets of a combination together."""
        return self._amount + self._share * bankroll


class _Kelly:
    """A share of the bankroll of each bet's own; of a combination, which cannot lose, all that limits allow."""

    def __init__(self, probability: FloatArray, decimal_odds: FloatArray, fraction: float) -> None:
        self._shares = np.nan_to_num(kelly(probability, decimal_odds, fraction=fraction)).tolist()

    def stakes(self, numbers: Sequence[int], bankroll: float, open_stakes: Mapping[int, float]) -> Sequence[float]:
        """Return each bet's share of the bankroll, as if it were alone; 0 where it has no edge."""
        del open_stakes
        return [self._shares[number] * bankroll for number in numbers]

    def combined(self, bankroll: float) -> float:
        """Return the whole bankroll."""
        return bankroll


class _SimultaneousKelly(_Kelly):
    """The shares that grow the bankroll fastest together with what is open, if no bet depends on another."""

    def __init__(self, probability: FloatArray, decimal_odds: FloatArray, fraction: float) -> None:
        super().__init__(probability, decimal_odds, fraction)
        self._probability, self._decimal, self._fraction = probability, decimal_odds, fraction

    def stakes(self, numbers: Sequence[int], bankroll: float, open_stakes: Mapping[int, float]) -> Sequence[float]:
        """Return each bet's share beside the others of its instant and the open ones with a probability."""
        if sum(open_stakes.values()) >= bankroll:
            return [0.0] * len(numbers)
        here = np.array(numbers, dtype=np.int64)
        open_here = [number for number in open_stakes if not np.isnan(self._probability[number])]
        beside = OpenBets(
            self._probability[open_here],
            self._decimal[open_here],
            [open_stakes[number] / bankroll for number in open_here],
        )
        shares = simultaneous_kelly(
            self._probability[here], self._decimal[here], fraction=self._fraction, beside=beside
        )
        stakes: list[float] = (np.nan_to_num(shares) * bankroll).tolist()
        return stakes


def sizer_for(sizing: Sizing, found: Opportunities, decimal_odds: FloatArray, strategy: str) -> Sizer:
    """Return the rule for bets with these estimates and odds; combinations need no estimate.

    Args:
        sizing: The run's rule.
        found: The bets; Kelly leaves out those without a probability.
        decimal_odds: Of each bet.
        strategy: The strategy's name, for the error.

    Raises:
        ConfigurationError: Kelly is to size single bets, none of which has a probability.
    """
    match sizing:
        case FlatStake(amount=amount):
            return _Same(amount=amount)
        case PercentageStake(percent=percent):
            return _Same(share=percent / 100)
        case FractionalKelly(fraction=fraction, simultaneous=simultaneous):
            probability, single = found.probability, found.combination < 0
            if single.any() and np.isnan(probability[single]).all():
                msg = f"{strategy} estimates no probabilities: Kelly cannot size its bets, flat or percentage can"
                raise ConfigurationError(msg)
            return (_SimultaneousKelly if simultaneous else _Kelly)(probability, decimal_odds, fraction)
