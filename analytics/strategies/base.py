"""What a strategy is: a class with typed parameters that sees known odds and names the quotes it would take."""

from abc import ABC, abstractmethod
from copy import deepcopy
from math import isfinite
from typing import Annotated, Any, ClassVar, Final, Generic, Self, TypeVar

import numpy as np
from pydantic import BaseModel, model_validator
from pydantic_core import PydanticCustomError

from analytics.backtesting.board import KnownOdds, OddsBoard
from analytics.backtesting.board_building import board_of_one
from analytics.backtesting.commission import net_of_commission
from analytics.backtesting.config import BacktestConfig, FractionalKelly, Sizing
from analytics.backtesting.values import BacktestEvent, BetOpportunity, KnownResult, Opportunities
from analytics.frozen import Frozen
from analytics.strategies.faults import failing_as
from core.tiers import Tier

_NAMES_BOOKMAKERS = object()
BookmakerKeys = Annotated[tuple[str, ...], _NAMES_BOOKMAKERS]
"""The type of a parameter that names bookmakers: before a run, it is told which of them have no odds."""


BETS_ON_NOTHING: Final = "bets_on_nothing"
"""The type of the fault of parameters that leave no room between a least and its most."""


class Parameters(Frozen):
    """The parameters of a strategy: subclass it, and give each field a type, a default and a description.

    A number `min_…` above the `max_…` of the same is refused: nothing would be bet on. So is a default that is
    infinite, as one that is given: JSON, in which results are kept, has no infinity.
    """

    @model_validator(mode="after")
    def _has_finite_defaults(self) -> Self:
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, float) and not isfinite(value):
                told = f"{name} {value:g}: a finite number is expected, or None where the type allows it"
                raise PydanticCustomError("finite_number", "{told}", {"told": told})
        return self

    @model_validator(mode="after")
    def _has_room_from_least_to_most(self) -> Self:
        for least in type(self).model_fields:
            most = f"max_{least.removeprefix('min_')}"
            if least.startswith("min_") and most in type(self).model_fields:
                low, high = getattr(self, least), getattr(self, most)
                if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
                    msg = f"{least} {low:g} is above {most} {high:g}: nothing would be bet on"
                    raise PydanticCustomError(BETS_ON_NOTHING, "{told}", {"told": msg})
        return self

    def bookmakers_named(self) -> dict[str, tuple[str, ...]]:
        """Return the bookmakers that the fields of type `BookmakerKeys` name, by field."""
        fields = type(self).model_fields.items()
        return {name: getattr(self, name) for name, field in fields if _NAMES_BOOKMAKERS in field.metadata}


P = TypeVar("P", bound=Parameters)


class BettingStrategy(ABC, Generic[P]):
    """Looks at one decision after the other, the earliest first.

    Subclass it, name it, and implement `evaluate_opportunity`. It is given what was known at a decision, where
    anything was, and may remember what it has seen, for the decisions come in order of time.

    Nothing that it is given, nor what leads on from there, tells of anything later. It is kept from the future,
    not locked out of it: its code runs in the same process, and one that searches the interpreter's memory can
    find what the run knows.
    """

    name: ClassVar[str]
    """What the registry and reports call it."""
    parameters_model: ClassVar[type[Parameters]] = Parameters
    """The model of its parameters."""
    decides_at: ClassVar[tuple[float | Tier, ...]] = (1.0,)
    """When it decides unless the run says otherwise: hours before the start, or tiers at their beginning."""
    history_hours: ClassVar[float | None] = None
    """How far back it wants the changes of the lines before each decision, and what stood then; None for none."""
    sizing: ClassVar[Sizing] = FractionalKelly()
    """How its bets are sized unless the run says otherwise; Kelly needs a probability with each opportunity."""
    memory: BaseModel | None = None
    """All that it remembers of earlier decisions and results: as JSON, another process goes on with it."""

    def __init__(self, parameters: P | None = None) -> None:
        """Take the parameters, by default those of the model."""
        self.parameters: P = parameters if parameters is not None else self._default()

    def begin(self) -> None:
        """Be as before the first run, whatever runs have taught since: each begins with this.

        What it has learned can be looked at after a run, and its attributes must be such as can be copied: others
        raise StrategyError.
        """
        attributes = vars(self)
        with failing_as(self, self.name, "as its attributes were copied"):
            unused = attributes["_unused"] if "_unused" in attributes else deepcopy(attributes)
        attributes.clear()
        attributes.update(deepcopy(unused), _unused=unused)

    @abstractmethod
    async def evaluate_opportunity(
        self, event: BacktestEvent, odds: KnownOdds, config: BacktestConfig
    ) -> list[BetOpportunity]:
        """Return the quotes among `odds` to bet on, in the order in which to place the bets."""

    def learn(self, result: KnownResult) -> None:
        """Take in a result that has become known; before a decision come all that were known by then.

        Those of events that start in the run come, whether they were bet on or not. By default it is forgotten.
        """

    def markets(self) -> tuple[str, ...]:
        """Return the keys of the markets that it looks at: no other is read. An empty tuple stands for all."""
        return ()

    @classmethod
    def _default(cls) -> Any:  # noqa: ANN401
        return cls.parameters_model()


class VectorisedStrategy(BettingStrategy[P]):
    """Looks at many decisions at once: fast enough for sweeps over many parameter sets.

    A row's answer depends on the quotes of its own decision alone: second decisions about events are on another
    board than the first ones, and what is answered of a board must be the same of its beginning.
    """

    @abstractmethod
    def evaluate_board(self, board: OddsBoard, config: BacktestConfig) -> Opportunities:
        """Return the rows of the board to bet on, in ascending order of their decisions."""

    async def evaluate_opportunity(
        self, event: BacktestEvent, odds: KnownOdds, config: BacktestConfig
    ) -> list[BetOpportunity]:
        """Return what the vectorised form says of this decision alone."""
        board = net_of_commission(board_of_one(event, odds.quotes), config.commission)
        found = self.evaluate_board(board, config)
        return [
            BetOpportunity(
                quote=odds.quotes[row],
                probability=None if np.isnan(found.probability[place]) else float(found.probability[place]),
                rationale=found.rationale(place),
                combination=None if found.combination[place] < 0 else int(found.combination[place]),
                share=float(found.share[place]),
            )
            for place, row in enumerate(found.quotes)
        ]
