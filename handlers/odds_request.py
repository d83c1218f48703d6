"""Ask for odds; where the feed refuses some of the keys, name them and ask once more without."""

from dataclasses import dataclass, replace

import structlog

from core.feed.credits import odds_cost
from core.feed.errors import FeedError, InvalidBookmakersError, InvalidMarketError
from core.feed.values import FeedAnswer
from core.quality import Issue
from core.scope import Scope
from handlers.app import App
from handlers.jobs import JobRun
from handlers.keeping import keep_failure
from storage.validators import issues_of_refused

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class OddsAnswered:
    """An odds answer, the scope that it answers, and what was refused on the way."""

    answer: FeedAnswer
    scope: Scope
    issues: tuple[Issue, ...]


async def ask_odds(app: App, run: JobRun, scope: Scope) -> OddsAnswered:
    """Return the odds of the run's sport.

    Bookmakers and markets that the feed refuses are named in the log and in the returned issues, and the call is
    made once more without them. Every answer that brought no odds is kept in `raw_data.api_responses`.

    Raises:
        FeedError: The feed did not answer, or refused the request for another reason.
    """
    issues: tuple[Issue, ...] = ()
    while True:
        try:
            answer = await app.feed.odds(run.trigger.sport_key, scope, deadline=run.answer_by)
        except FeedError as error:
            await keep_failure(app, run, error, odds_cost(scope))
            narrower, refused = _without_refused(scope, error)
            if narrower is None:
                raise
        else:
            return OddsAnswered(answer, scope, issues)
        _log.warning(
            "feed.keys_refused",
            job=run.trigger.job,
            sport_key=run.trigger.sport_key,
            reason="; ".join(issue.description for issue in refused),
        )
        issues += refused
        scope = narrower


def _without_refused(scope: Scope, error: FeedError) -> tuple[Scope | None, tuple[Issue, ...]]:
    """Return the scope without the keys that the feed named, or None where that leaves nothing to ask for."""
    if isinstance(error, InvalidBookmakersError):
        refused = tuple(key for key in error.bookmaker_keys if key in scope.bookmakers)
        left = tuple(key for key in scope.bookmakers if key not in refused)
        if refused and left:
            return replace(scope, bookmakers=left), issues_of_refused(bookmakers=refused)
    if isinstance(error, InvalidMarketError):
        refused = tuple(key for key in error.market_keys if key in scope.markets)
        left = tuple(key for key in scope.markets if key not in refused)
        if refused and left:
            return replace(scope, markets=left), issues_of_refused(markets=refused)
    return None, ()
