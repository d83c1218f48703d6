"""Roles are let in with passwords that are made here, and that count once they are kept."""

from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from structlog.testing import capture_logs

from core.database_url import parse_database_url, with_login
from core.errors import DatabaseUnreachableError, PasswordRefusedError
from core.secrets import NOT_WRITTEN
from handlers.role_logins import let_roles_in
from storage.database import Database
from storage.roles import ROLES

Kept = dict[str, SecretStr]


@pytest.fixture
async def kept(database: Database, database_url: str) -> Kept:
    """Return the URLs of all roles, let in anew."""
    urls: Kept = {}

    async def keep(role: str, url: SecretStr) -> None:
        urls[role] = url

    assert await let_roles_in(database, SecretStr(database_url), keep, {}) == list(ROLES)
    return urls


async def connects(url: SecretStr) -> bool:
    database = Database(parse_database_url(url.get_secret_value()), pooled=False)
    try:
        async with database.transaction():
            return True
    except DatabaseUnreachableError:
        return False


async def test_every_role_connects_by_its_url_to_the_owners_database(kept: Kept, database_url: str) -> None:
    assert kept.keys() == set(ROLES)
    assert len({url.get_secret_value() for url in kept.values()}) == len(ROLES)
    for role, url in kept.items():
        parsed = parse_database_url(url.get_secret_value())
        assert (parsed.user, parsed.database) == (f"linekeeper_{role}", parse_database_url(database_url).database)
        assert await connects(url)


async def test_roles_that_have_a_password_keep_it(kept: Kept, database: Database, database_url: str) -> None:
    async def keep(role: str, _url: SecretStr) -> None:
        pytest.fail(f"{role} got another password")

    assert await let_roles_in(database, SecretStr(database_url), keep, kept) == []


@pytest.mark.parametrize(
    "held",
    [
        pytest.param("not written yet", id="nothing was written yet: an earlier deployment let the roles in"),
        pytest.param("postgresql://linekeeper_scores:pw@elsewhere.example.com/odds", id="another server's"),
    ],
)
async def test_a_role_that_may_log_in_gets_a_password_where_the_kept_url_leads_elsewhere(
    kept: Kept, database: Database, database_url: str, held: str
) -> None:
    fresh: Kept = {}

    async def keep(role: str, url: SecretStr) -> None:
        fresh[role] = url

    kept["scores"] = SecretStr(held)
    assert await let_roles_in(database, SecretStr(database_url), keep, kept) == ["scores"]
    assert await connects(fresh["scores"])


async def test_an_old_password_is_good_no_longer_once_another_was_kept(
    kept: Kept, database: Database, database_url: str
) -> None:
    fresh: Kept = {}

    async def keep(role: str, url: SecretStr) -> None:
        fresh[role] = url

    await let_roles_in(database, SecretStr(database_url), keep, {})
    assert not await connects(kept["collector"])
    assert await connects(fresh["collector"])


async def test_a_password_that_could_not_be_kept_leaves_the_old_one_good(
    kept: Kept, database: Database, database_url: str
) -> None:
    fresh: Kept = {}

    async def keep(role: str, url: SecretStr) -> None:
        if role == "scores":
            raise OSError("the disk is full")
        fresh[role] = url

    with pytest.raises(OSError, match="disk is full"):
        await let_roles_in(database, SecretStr(database_url), keep, {})
    assert fresh.keys() == {"collector"}
    assert await connects(fresh["collector"])
    assert await connects(kept["scores"])
    assert await connects(kept["monitor"])


async def test_a_password_that_was_kept_and_never_became_good_is_replaced(
    kept: Kept, database: Database, database_url: str
) -> None:
    fresh: Kept = {}

    async def keep(role: str, url: SecretStr) -> None:
        fresh[role] = url

    lost = with_login(database_url, "linekeeper_scores", "never-committed")
    kept["scores"] = SecretStr(lost)
    assert await let_roles_in(database, SecretStr(database_url), keep, kept) == ["scores"]
    assert await connects(fresh["scores"])


@pytest.fixture
async def owner_without_createrole(kept: Kept, database: Database, database_url: str) -> AsyncIterator[SecretStr]:
    """Yield the URL of one who owns all that the owner owns, and may give no role a password."""
    del kept
    async with database.transaction() as connection:
        name = (await connection.execute(text("SELECT 'owner_' || md5(current_database())"))).scalar_one()
        owner = (await connection.execute(text("SELECT current_user"))).scalar_one()
        await connection.execute(text(f"CREATE ROLE {name} LOGIN PASSWORD 'of-this-test' IN ROLE {owner}"))
    yield SecretStr(with_login(database_url, name, "of-this-test"))
    async with database.transaction() as connection:
        await connection.execute(text(f"DROP ROLE {name}"))


async def test_what_an_administrator_wrote_stays_where_the_owner_may_give_no_password(
    kept: Kept, owner_without_createrole: SecretStr
) -> None:
    async def keep(role: str, _url: SecretStr) -> None:
        pytest.fail(f"{role} got another password")

    kept["scores"] = SecretStr("postgresql://linekeeper_scores:pw@pooler.example.com:6543/odds")
    owner = Database(parse_database_url(owner_without_createrole.get_secret_value()), pooled=False)
    with capture_logs() as said:
        assert await let_roles_in(owner, owner_without_createrole, keep, kept) == []
    assert [(line["event"], line["log_level"], line["role"]) for line in said] == [
        ("role.url_left", "warning", "linekeeper_scores")
    ]
    kept["scores"] = SecretStr(NOT_WRITTEN)
    with pytest.raises(PasswordRefusedError, match="needs CREATEROLE"):
        await let_roles_in(owner, owner_without_createrole, keep, kept)
