"""What is dropped is not production's: asked before anything that drops a schema or a database."""

from core.errors import ConfigurationError
from core.settings.collecting import DatabaseSettings


def refuse_in_production(settings: DatabaseSettings, *, what: str) -> None:
    """Let what drops something pass, unless the database is production's.

    Args:
        settings: Which database, and what is said of it.
        what: Who would drop what, as a clause for the error.

    Raises:
        ConfigurationError: It is production's; the text says by which setting.
    """
    if not settings.is_production:
        return
    where = settings.parsed_url.address if settings.parsed_url else "DATABASE_URL_PARAMETER"
    reason = (
        "DATABASE_ENVIRONMENT says so"
        if settings.environment
        else f"{where} is not on this machine, and DATABASE_ENVIRONMENT is not set"
    )
    accepted = (
        "accepted are test, local and dev" if settings.is_local else "accepted is dev, if that is what it is"
    )
    msg = f"{what}, and production, which this counts as, refuses that: {reason}; {accepted}"
    raise ConfigurationError(msg)
