"""The guard lets pass what is not production's, and says of the rest by which setting it is."""

import pytest

from core.config import load_settings
from core.errors import ConfigurationError
from handlers.guard import refuse_in_production

HERE, ELSEWHERE = "postgresql://me@localhost/odds", "postgresql://me@db.example.com/odds"


@pytest.mark.parametrize(
    ("url", "environment"),
    [
        pytest.param(None, None, id="the embedded one"),
        pytest.param(HERE, None, id="here, unsaid"),
        pytest.param(HERE, "test", id="a test"),
        pytest.param(HERE, "local", id="local"),
        pytest.param(ELSEWHERE, "dev", id="a dev database elsewhere"),
    ],
)
def test_what_is_not_productions_passes(url: str | None, environment: str | None) -> None:
    settings = load_settings(DATABASE_URL=url, DATABASE_ENVIRONMENT=environment)
    refuse_in_production(settings.database, what="this drops something")


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        pytest.param(
            {"DATABASE_URL": ELSEWHERE}, "db.example.com:5432 is not on .*accepted is dev,", id="elsewhere"
        ),
        pytest.param(
            {"DATABASE_URL_PARAMETER": "/linekeeper/url"},
            "DATABASE_URL_PARAMETER is not on this machine",
            id="on AWS",
        ),
        pytest.param(
            {"DATABASE_ENVIRONMENT": "production"},
            "DATABASE_ENVIRONMENT says so; accepted are test",
            id="said to be",
        ),
    ],
)
def test_what_is_productions_is_refused_with_the_reason(variables: dict[str, str], reason: str) -> None:
    settings = load_settings(**variables)
    with pytest.raises(ConfigurationError, match=f"this drops something, and production.*{reason}"):
        refuse_in_production(settings.database, what="this drops something")
