"""The simulated leagues: when they play, how they score, and how early bookmakers open their games."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from core.errors import ConfigurationError
from core.simulation.clubs import AMERICAN_CLUBS, ENGLISH_CLUBS
from core.simulation.goals import GoalScoring
from core.simulation.overtime import OvertimeScoring
from core.simulation.points import PointScoring
from core.simulation.scoring import Scoring

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
_EASTERN = ZoneInfo("America/New_York")
_LONDON = ZoneInfo("Europe/London")


@dataclass(frozen=True, slots=True)
class Slot:
    """A usual start: a weekday, a local time, and the least and the most events that begin then."""

    weekday: int
    hour: int
    minute: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class League:
    """What a simulated league is like.

    A season runs from its first to its last (month, day), both played. With `weekly` a club plays once a week
    (from Tuesday to Monday), otherwise once a day. Deviations and means are in points of the sport; `open_hours`
    are the hours before the start at which the first and the last bookmaker open.
    """

    sport_key: str
    title: str
    group: str
    clubs: tuple[str, ...]
    zone: ZoneInfo
    season: tuple[tuple[int, int], tuple[int, int]]
    weekly: bool
    slots: tuple[Slot, ...]
    scoring: Scoring
    home_edge: float
    strength_deviation: float
    total_mean: float
    total_spread: float
    margin_step: float
    total_step: float
    open_hours: tuple[float, float]


_NBA_NIGHTS = (
    (MONDAY, 6, 9),
    (TUESDAY, 3, 6),
    (WEDNESDAY, 8, 12),
    (THURSDAY, 2, 4),
    (FRIDAY, 7, 11),
    (SATURDAY, 6, 9),
    (SUNDAY, 5, 8),
)


_NHL_NIGHTS = (
    (MONDAY, 2, 4),
    (TUESDAY, 8, 11),
    (WEDNESDAY, 2, 4),
    (THURSDAY, 9, 12),
    (FRIDAY, 3, 6),
    (SATURDAY, 9, 13),
    (SUNDAY, 4, 7),
)


def _nightly(nights: tuple[tuple[int, int, int], ...]) -> tuple[Slot, ...]:
    """Spread a night's games, so many at least and at most, over the usual starts of the east and the west."""
    return tuple(
        Slot(weekday, hour, minute, least // 4 + (least % 4 > place), -(-(most - place) // 4))
        for weekday, least, most in nights
        for place, (hour, minute) in enumerate(((19, 0), (19, 30), (20, 0), (22, 0)))
    )


_LEAGUES = (
    League(
        sport_key="basketball_nba",
        title="NBA",
        group="Basketball",
        clubs=AMERICAN_CLUBS[:30],
        zone=_EASTERN,
        season=((10, 21), (4, 12)),
        weekly=False,
        slots=_nightly(_NBA_NIGHTS),
        scoring=PointScoring(margin_deviation=12.0, total_deviation=18.0),
        home_edge=2.4,
        strength_deviation=4.5,
        total_mean=228.0,
        total_spread=5.0,
        margin_step=0.5,
        total_step=0.7,
        open_hours=(130.0, 26.0),
    ),
    League(
        sport_key="americanfootball_nfl",
        title="NFL",
        group="American Football",
        clubs=AMERICAN_CLUBS[:32],
        zone=_EASTERN,
        season=((9, 4), (1, 10)),
        weekly=True,
        slots=(
            Slot(THURSDAY, 20, 15, 1, 1),
            Slot(SUNDAY, 13, 0, 8, 9),
            Slot(SUNDAY, 16, 5, 2, 2),
            Slot(SUNDAY, 16, 25, 2, 2),
            Slot(SUNDAY, 20, 20, 1, 1),
            Slot(MONDAY, 20, 15, 1, 1),
        ),
        scoring=PointScoring(margin_deviation=12.8, total_deviation=13.0),
        home_edge=1.7,
        strength_deviation=4.2,
        total_mean=44.5,
        total_spread=3.0,
        margin_step=0.3,
        total_step=0.35,
        open_hours=(260.0, 130.0),
    ),
    League(
        sport_key="icehockey_nhl",
        title="NHL",
        group="Ice Hockey",
        clubs=AMERICAN_CLUBS[:32],
        zone=_EASTERN,
        season=((10, 7), (4, 16)),
        weekly=False,
        slots=_nightly(_NHL_NIGHTS),
        scoring=OvertimeScoring(),
        home_edge=0.25,
        strength_deviation=0.35,
        total_mean=5.9,
        total_spread=0.25,
        margin_step=0.05,
        total_step=0.05,
        open_hours=(100.0, 26.0),
    ),
    League(
        sport_key="soccer_epl",
        title="EPL",
        group="Soccer",
        clubs=ENGLISH_CLUBS,
        zone=_LONDON,
        season=((8, 15), (5, 24)),
        weekly=True,
        slots=(
            Slot(FRIDAY, 20, 0, 0, 1),
            Slot(SATURDAY, 12, 30, 1, 1),
            Slot(SATURDAY, 15, 0, 4, 5),
            Slot(SATURDAY, 17, 30, 1, 1),
            Slot(SUNDAY, 14, 0, 2, 2),
            Slot(SUNDAY, 16, 30, 1, 1),
        ),
        scoring=GoalScoring(),
        home_edge=0.3,
        strength_deviation=0.45,
        total_mean=2.75,
        total_spread=0.2,
        margin_step=0.05,
        total_step=0.04,
        open_hours=(220.0, 80.0),
    ),
)
LEAGUES: dict[str, League] = {league.sport_key: league for league in _LEAGUES}


def league_of(sport_key: str) -> League:
    """Return a simulated league; raises ConfigurationError for a sport that is not simulated."""
    if sport_key not in LEAGUES:
        raise ConfigurationError(f"no simulated market for {sport_key!r}; there is one for {', '.join(LEAGUES)}")
    return LEAGUES[sport_key]
