"""What differs from sport to sport: how long a game usually lasts, and whether the feed has its scores."""

from datetime import timedelta
from functools import cache

_FALLBACK = timedelta(hours=3)

_USUAL_DURATIONS = {
    "americanfootball": timedelta(hours=3, minutes=20),
    "americanfootball_nfl": timedelta(hours=3, minutes=10),
    "aussierules": timedelta(hours=2, minutes=40),
    "baseball": timedelta(hours=3),
    "basketball": timedelta(hours=2, minutes=10),
    "basketball_nba": timedelta(hours=2, minutes=30),
    "basketball_wnba": timedelta(hours=2, minutes=15),
    "boxing": timedelta(hours=1),
    "cricket": timedelta(hours=4),
    "cricket_test_match": timedelta(days=5),
    "golf": timedelta(days=4),
    "handball": timedelta(hours=1, minutes=40),
    "icehockey": timedelta(hours=2, minutes=40),
    "lacrosse": timedelta(hours=2, minutes=15),
    "mma": timedelta(minutes=30),
    "rugbyleague": timedelta(hours=2),
    "rugbyunion": timedelta(hours=2),
    "soccer": timedelta(hours=2),
    "tennis": timedelta(hours=2, minutes=30),
}

_WITHOUT_SCORES = frozenset({"boxing", "cricket", "golf", "mma", "politics", "tennis"})


@cache
def usual_duration(sport_key: str) -> timedelta:
    """Return how long a game of this sport usually lasts, from its scheduled start to its result.

    The longest known key that begins the sport's key decides; an unknown sport counts as three hours.

    >>> usual_duration("americanfootball_nfl_preseason") == timedelta(hours=3, minutes=10)
    True
    >>> usual_duration("soccer_epl") == timedelta(hours=2)
    True
    """
    parts = sport_key.split("_")
    prefixes = ("_".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((_USUAL_DURATIONS[prefix] for prefix in prefixes if prefix in _USUAL_DURATIONS), _FALLBACK)


@cache
def has_scores(sport_key: str) -> bool:
    """Tell whether the feed's scores cover the sport; futures (`..._winner`) have none.

    >>> has_scores("basketball_nba"), has_scores("golf_masters_winner"), has_scores("tennis_atp_us_open")
    (True, False, False)
    """
    return sport_key.split("_", maxsplit=1)[0] not in _WITHOUT_SCORES and not sport_key.endswith("_winner")
