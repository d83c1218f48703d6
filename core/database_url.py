"""What a DATABASE_URL says, in whatever form a provider hands it out, and the TLS rule that follows from it."""

from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Literal, NamedTuple, NewType
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from sqlalchemy import URL

from core.errors import ConfigurationError

TlsMode = Literal["verify-full", "verify-ca", "require", "off"]
Pem = NewType("Pem", str)
"""Certificates as text: each between BEGIN CERTIFICATE and END CERTIFICATE."""

_SCHEMES = ("postgresql", "postgres", "postgresql+asyncpg")
_SSL_MODES = frozenset({"disable", "allow", "prefer", "require", "verify-ca", "verify-full"})
_DEMANDING_SSL_MODES = frozenset({"require", "verify-ca", "verify-full"})
_SSL_WORDS = {"true": "verify-full", "false": "disable"}
_USED = frozenset(
    {"host", "port", "user", "password", "dbname", "ssl", "sslmode", "sslrootcert"}
    | {"application_name", "options", "connect_timeout"}
)
_OF_OTHER_CLIENTS = frozenset(
    {
        "channel_binding",
        "gssencmode",
        "krbsrvname",
        "sslcompression",
        "sslnegotiation",
        "sslsni",
        "target_session_attrs",
    }
    | {"keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout"}
    | {"pgbouncer", "connection_limit", "pool_timeout", "schema", "supa", "workaround"}
    | {"statement_cache_size", "prepared_statement_cache_size"}
)
_NAMES_PROJECT_WITH_USER = ".pooler.supabase.com"
_DEFAULT_PORT = 5432
_HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    """Where a database is and how to connect to it; `host` is a folder for a Unix socket.

    `connect_timeout_seconds`, `application_name` and `options` are what the URL asks for, else None.
    `ssl_root_cert` is a file of PEM or the PEM itself; None stands for the system's roots.
    """

    host: str
    port: int
    database: str
    user: str | None
    password: str | None = field(repr=False)
    tls: TlsMode
    ssl_root_cert: Path | Pem | None = None
    connect_timeout_seconds: int | None = None
    application_name: str | None = None
    options: str | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """Return host and port, or the socket, for a message."""
        if self.is_socket:
            return f"{self.host}/.s.PGSQL.{self.port}"
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def is_socket(self) -> bool:
        """Tell whether the database is reached through a Unix socket."""
        return self.host.startswith("/")

    @property
    def is_local(self) -> bool:
        """Tell whether the database is on this machine: a Unix socket or a loopback address."""
        return _is_local(self.host)

    @property
    def sqlalchemy_url(self) -> URL:
        """Return the URL for SQLAlchemy's asyncpg dialect, without parameters, and without host for a socket."""
        return URL.create(
            "postgresql+asyncpg",
            username=self.user,
            password=self.password,
            host=None if self.is_socket else self.host,
            port=None if self.is_socket else self.port,
            database=self.database,
        )


class _Parts(NamedTuple):
    split: SplitResult
    port: int | None
    parameters: dict[str, str]


def parse_database_url(
    text: str, *, tls: TlsMode | None = None, ssl_root_cert: Path | Pem | None = None
) -> DatabaseUrl:
    """Return what a DATABASE_URL says; the settings DATABASE_TLS and DATABASE_SSL_ROOT_CERT win over it.

    Without DATABASE_TLS the server must prove who it is (verify-full), whatever weaker `sslmode` the URL names;
    TLS is off for a loopback address or a Unix socket, unless the URL demands it.

    Raises:
        ConfigurationError: The text is not a usable Postgres URL, or it asks for no TLS to a remote host.
    """
    parts = _split(text.strip())
    parameters = parts.parameters
    host = parameters.get("host") or _host(parts.split)
    database = parameters.get("dbname") or unquote(parts.split.path.removeprefix("/"))
    if not host or "," in host:
        raise _refusal(
            "names no host, or several; give one, localhost or a socket's folder (?host=/run/postgresql)"
        )
    if not database:
        raise _refusal(
            "names no database; give one after the host, as in postgresql://user:password@host/database"
        )
    url_root_cert = parameters.get("sslrootcert", "system")
    return DatabaseUrl(
        host=host,
        port=parts.port or _whole(parameters, "port", highest=_HIGHEST_PORT) or _DEFAULT_PORT,
        database=database,
        user=_user(parts) or None,
        password=_password(parts) or None,
        tls=tls or _tls_by_rule(host, _ssl_mode(parameters)),
        ssl_root_cert=ssl_root_cert or (None if url_root_cert == "system" else Path(url_root_cert)),
        connect_timeout_seconds=_whole(parameters, "connect_timeout", highest=3600),
        application_name=parameters.get("application_name"),
        options=parameters.get("options"),
    )


def with_login(text: str, user: str, password: str) -> str:
    """Return a DATABASE_URL with another user and password; all the rest stays as it is.

    Supabase's pooler is told the project with the user, ROLE.PROJECT: the project stays too.

    Raises:
        ConfigurationError: The text is not a usable Postgres URL.
    """
    parts = _split(text.strip())
    address = parts.split.netloc.rpartition("@")[2]
    query = urlencode(
        {name: value for name, value in parts.parameters.items() if name not in {"user", "password"}}
    )
    login = f"{quote(user + _project(parts), safe='')}:{quote(password, safe='')}"
    return parts.split._replace(netloc=f"{login}@{address}", query=query).geturl()


def is_with_login(text: str, owner_text: str, user: str) -> bool:
    """Tell whether a text lets a user in, by some password, to where another's DATABASE_URL leads.

    However both are written: what counts is host, port, database, user and `options`, which may name the endpoint.

    Raises:
        ConfigurationError: The other's text is not a usable Postgres URL.
    """
    there = _destination(with_login(owner_text, user, "any"))
    return has_login(text, user) and _destination(text) == there


def has_login(text: str, user: str) -> bool:
    """Tell whether a text is a DATABASE_URL that lets a user in by some password, wherever it leads."""
    try:
        url = parse_database_url(text, tls="verify-full")
    except ConfigurationError:
        return False
    return bool(url.password) and url.user in {user, user + _project(_split(text.strip()))}


def _destination(text: str) -> tuple[str | int | None, ...]:
    url = parse_database_url(text, tls="verify-full")
    return (url.host, url.port, url.database, url.user, url.options)


def _project(parts: _Parts) -> str:
    _, dot, project = _user(parts).partition(".")
    host = parts.parameters.get("host") or _host(parts.split)
    return dot + project if host.endswith(_NAMES_PROJECT_WITH_USER) else ""


def _user(parts: _Parts) -> str:
    return parts.parameters.get("user") or unquote(parts.split.username or "")


def _password(parts: _Parts) -> str:
    return parts.parameters.get("password") or unquote(parts.split.password or "")


def _split(text: str) -> _Parts:
    """Take the URL apart; the errors of urllib quote the text, so none of them is shown or kept as a cause."""
    parts = None
    try:
        split = urlsplit(text)
        query = parse_qsl(split.query, keep_blank_values=True, strict_parsing=bool(split.query))
        parts = _Parts(split, split.port, dict(query))
    except ValueError:
        pass
    if parts is None or parts.split.fragment or "@" in parts.split.path + parts.split.query:
        raise _refusal(
            "cannot be read; characters such as / ? # @ : % & in its password are written as %2F %3F %23 … %26"
        )
    if parts.split.scheme not in _SCHEMES or not text.startswith(f"{parts.split.scheme}://"):
        raise _refusal(f"must start with {' or '.join(f'{scheme}://' for scheme in _SCHEMES)}")
    if unknown := sorted(parts.parameters.keys() - _USED - _OF_OTHER_CLIENTS):
        raise _refusal(f"has parameters that are not known{_named(unknown, parts)}")
    return parts


def _named(unknown: list[str], parts: _Parts) -> str:
    """Name unknown parameters, unless they may be parts of a password among these, and those that are known."""
    is_apart = bool(parts.split.password) and "password" not in parts.parameters
    named = f": {', '.join(unknown)}" if is_apart else " (an & in a password is written as %26)"
    return f"{named}; known are {', '.join(sorted(_USED))}"


def _host(split: SplitResult) -> str:
    """Return the host; a socket's folder is written with %2F and, unlike a name, keeps its capitals."""
    written = split.netloc.rpartition("@")[2].partition(":")[0]
    return unquote(written) if "%" in written else split.hostname or ""


def _ssl_mode(parameters: dict[str, str]) -> str:
    given = parameters.get("sslmode") or parameters.get("ssl") or "prefer"
    mode = _SSL_WORDS.get(given, given)
    if mode not in _SSL_MODES:
        raise _refusal(f"has an unknown sslmode; known are {', '.join(sorted(_SSL_MODES))}")
    return mode


def _tls_by_rule(host: str, ssl_mode: str) -> TlsMode:
    if ssl_mode in _DEMANDING_SSL_MODES:
        return "verify-full"
    if _is_local(host):
        return "off"
    if ssl_mode == "disable":
        raise _refusal(
            f"asks for sslmode=disable to {host}, which is not this machine: all would travel in the clear; "
            "take it out, or set DATABASE_TLS=off if that is what you want"
        )
    return "verify-full"


def _is_local(host: str) -> bool:
    try:
        return host.startswith("/") or host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _whole(parameters: dict[str, str], name: str, *, highest: int) -> int | None:
    value = parameters.get(name)
    if not value:
        return None
    if not (value.isascii() and value.isdigit() and int(value) <= highest):
        raise _refusal(f"has a {name} that is not a whole number from 0 to {highest}")
    return int(value) or None


def _refusal(reason: str) -> ConfigurationError:
    return ConfigurationError(f"DATABASE_URL {reason}")
