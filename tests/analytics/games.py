"""Past games for tests of what depends on how games end."""

import numpy as np

from analytics.result_distribution import ResultDistribution


def football(games: int) -> ResultDistribution:
    """Return the distribution of margins normal around the close, but for many games that end by three."""
    rng = np.random.default_rng(1)
    closes = rng.integers(-28, 29, games) / 2
    margins = (closes + rng.normal(0, 13, games)).round()
    by_three = rng.random(games) < 0.06
    margins[by_three] = np.where(closes[by_three] < 0, -3, 3)
    return ResultDistribution.of_margins(margins, closes)
