"""Settings of what is asked of the feed, with which account, and where it is kept."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator

from core.database_url import DatabaseUrl, Pem, TlsMode, parse_database_url
from core.errors import ConfigurationError
from core.scope import Scope
from core.settings.base import PARAMETER, SettingsGroup
from core.settings.values import AnyPath, ApiKey, BaseUrl, Keys, ParameterName, RootCert, SportKeys

Environment = Literal["test", "local", "dev", "production"]

DEFAULT_BOOKMAKERS = ("pinnacle", "draftkings", "fanduel", "betmgm", "williamhill_us", "betrivers", "bovada")


def default_data_dir() -> Path:
    """Return where the embedded database lives: under XDG_DATA_HOME, else root's or the user's own data folder."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    if is_root and not os.environ.get("XDG_DATA_HOME", "").strip():
        return Path("/var/lib/linekeeper")
    return user_data_path("linekeeper", appauthor=False)


def _parsed(url: SecretStr | None, tls: TlsMode | None, ssl_root_cert: Path | Pem | None) -> DatabaseUrl | None:
    return parse_database_url(url.get_secret_value(), tls=tls, ssl_root_cert=ssl_root_cert) if url else None


def _bookmakers_unless_regions(validated: Mapping[str, Any]) -> tuple[str, ...]:
    return () if validated["regions"] else DEFAULT_BOOKMAKERS


class FeedSettings(SettingsGroup):
    """The account at The Odds API; `quota` is the size of its plan, in credits a month."""

    api_key: ApiKey | None = Field(
        default=None, validation_alias="ODDS_API_KEY", description="the key of your account at The Odds API"
    )
    api_key_parameter: ParameterName | None = Field(
        default=None, validation_alias="ODDS_API_KEY_PARAMETER", description=PARAMETER
    )
    base_url: BaseUrl = Field(
        default="https://api.the-odds-api.com",
        validation_alias="ODDS_API_BASE_URL",
        description="an https address without user, query or fragment (http only on loopback)",
    )
    quota: Annotated[int, Field(ge=1)] = Field(
        default=500, validation_alias="ODDS_API_QUOTA", description="the credits a month of your plan, 1 or more"
    )


class DatabaseSettings(SettingsGroup):
    """Where the rows go: your Postgres, or without a URL the embedded one in `data_dir`.

    `tls` None leaves the choice to the rule: verify-full, but off for loopback and sockets. Without `environment`
    what is not on this machine counts as production.
    """

    tls: TlsMode | None = Field(
        default=None, validation_alias="DATABASE_TLS", description="verify-full, verify-ca, require or off"
    )
    ssl_root_cert: RootCert | None = Field(
        default=None,
        validation_alias="DATABASE_SSL_ROOT_CERT",
        description="the path of an existing PEM file, or its text",
    )
    ssl_root_cert_parameter: ParameterName | None = Field(
        default=None, validation_alias="DATABASE_SSL_ROOT_CERT_PARAMETER", description=PARAMETER
    )
    url: SecretStr | None = Field(
        default=None, validation_alias="DATABASE_URL", description="postgresql://user:password@host/database"
    )
    url_parameter: ParameterName | None = Field(
        default=None, validation_alias="DATABASE_URL_PARAMETER", description=PARAMETER
    )
    environment: Environment | None = Field(
        default=None,
        validation_alias="DATABASE_ENVIRONMENT",
        description="test, local, dev or production",
    )
    pool_size: Annotated[int, Field(ge=1, le=100)] = Field(
        default=5, validation_alias="DATABASE_POOL_SIZE", description="1 to 100 connections"
    )
    data_dir: AnyPath = Field(
        default_factory=default_data_dir,
        validation_alias="LINEKEEPER_DATA_DIR",
        description="the path of a folder",
    )

    @field_validator("url")
    @classmethod
    def _url_can_be_used(cls, url: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        try:
            _parsed(url, info.data.get("tls"), info.data.get("ssl_root_cert"))
        except ConfigurationError as error:
            raise ValueError(str(error)) from error
        return url

    @model_validator(mode="after")
    def _test_and_local_are_on_this_machine(self) -> "DatabaseSettings":
        if self.environment in {"test", "local"} and not self.is_local:
            msg = (
                f"DATABASE_ENVIRONMENT={self.environment} is for a database on this machine, and DATABASE_URL "
                "names none: accepted are dev and production"
            )
            raise ValueError(msg)
        return self

    @property
    def is_local(self) -> bool:
        """Tell whether the database is on this machine, the embedded one too."""
        if self.url is None:
            return self.url_parameter is None
        return self.parsed_url is not None and self.parsed_url.is_local

    @property
    def is_production(self) -> bool:
        """Tell whether nothing may be dropped: so it is said, or it is elsewhere and nothing is said."""
        return self.environment == "production" or (self.environment is None and not self.is_local)

    @property
    def parsed_url(self) -> DatabaseUrl | None:
        """Return what DATABASE_URL says, by the TLS rule, or None where it is not set."""
        return _parsed(self.url, self.tls, self.ssl_root_cert)


class CollectionSettings(SettingsGroup):
    """What is asked of the feed: by bookmakers, or where REGIONS is given and BOOKMAKERS is not, by regions."""

    sports: SportKeys = Field(
        default=("basketball_nba",),
        validation_alias="SPORTS",
        description="sport keys with commas between, such as basketball_nba,icehockey_nhl",
    )
    markets: Keys = Field(
        default=("h2h", "spreads", "totals"),
        validation_alias="MARKETS",
        description="market keys with commas between, such as h2h,spreads,totals",
    )
    regions: Keys = Field(
        default=(), validation_alias="REGIONS", description="region keys with commas between, such as us,eu"
    )
    bookmakers: Keys = Field(
        default_factory=_bookmakers_unless_regions,
        validation_alias="BOOKMAKERS",
        description="bookmaker keys with commas between, such as pinnacle,draftkings",
    )

    @property
    def scope(self) -> Scope:
        """Return what every request for odds asks for."""
        return Scope.of(self.markets, bookmakers=self.bookmakers, regions=self.regions)
