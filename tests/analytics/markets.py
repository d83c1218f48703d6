"""Markets for tests of every mathematics module."""

from hypothesis import strategies as st

legal_prices = st.one_of(st.integers(100, 500_000_000), st.integers(-500_000_000, -101))
decimals = st.floats(1.01, 200)


def markets(outcomes: int = 4) -> st.SearchStrategy[list[float]]:
    """Generate the decimal odds of a market of two outcomes or more, with any vig."""
    return st.lists(decimals, min_size=2, max_size=outcomes)


@st.composite
def offered_markets(draw: st.DrawFn, outcomes: int = 4) -> list[float]:
    """Generate a market as bookmakers offer it: fair chances, and a vig of up to a quarter on top."""
    weights = draw(st.lists(st.floats(0.02, 1), min_size=2, max_size=outcomes))
    vig = draw(st.floats(0.001, 0.25))
    total = sum(weights)
    return [max(1.001, total / (weight * (1 + vig))) for weight in weights]
