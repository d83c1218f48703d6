import pytest

from analytics.strategies.faults import failing_as, fault_in
from core.errors import ConfigurationError, StrategyError


class Careless:
    """A strategy whose code fails."""

    def decide(self) -> float:
        """Divide by nothing."""
        return self._share(0)

    def _share(self, of: int) -> float:
        return 1 / of


def test_what_fails_is_told_with_the_strategy_the_place_and_the_line_reached_last() -> None:
    strategy = Careless()
    line = Careless._share.__code__.co_firstlineno + 1
    with pytest.raises(StrategyError) as raised, failing_as(strategy, "careless", "at a game"):
        strategy.decide()
    assert (
        str(raised.value)
        == f"careless failed at a game: {__file__}, line {line}: ZeroDivisionError: division by zero"
    )
    assert isinstance(raised.value.__cause__, ZeroDivisionError)


def test_an_error_that_says_what_is_wrong_stays_as_it_is() -> None:
    with pytest.raises(ConfigurationError) as raised, failing_as(Careless(), "careless", "at a game"):
        raise ConfigurationError("no such market")
    assert str(raised.value) == "no such market"


def test_a_class_that_was_typed_in_has_no_file() -> None:
    typed_in = type("Typed", (), {"__module__": "nowhere"})
    with pytest.raises(StrategyError) as raised, failing_as(typed_in(), "typed", "at a game"):
        raise ValueError("odd")
    assert str(raised.value) == "typed failed at a game: Typed: ValueError: odd"


def test_a_file_that_is_no_python_is_told_with_its_line() -> None:
    with pytest.raises(SyntaxError) as raised:
        compile("a = 1\nb = = 2\n", "mine.py", "exec")
    assert fault_in(raised.value, "mine.py").startswith("mine.py, line 2: ")
