"""The database that the settings name is worked with if its schema fits."""

import pytest
from sqlalchemy import text

from core.config import load_settings
from core.database_url import parse_database_url
from core.errors import StorageError
from core.logs import configure_logging
from handlers.named_database import located, opened_database
from storage.database import Database
from storage.embedded import EmbeddedPostgres


async def set_revision(database: Database, revision: str) -> None:
    async with database.transaction() as connection:
        statement = text("UPDATE operational.alembic_version SET version_num = :revision")
        await connection.execute(statement, {"revision": revision})


async def test_a_schema_of_the_past_is_refused(database: Database, database_url: str) -> None:
    await set_revision(database, "0001")
    with pytest.raises(StorageError, match="is at 0001, behind"):
        async with opened_database(load_settings(DATABASE_URL=database_url), parse_database_url(database_url)):
            pytest.fail("it was opened")


async def test_a_schema_of_the_future_is_worked_with_and_told(
    database: Database, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    await set_revision(database, "9999")
    settings = load_settings(DATABASE_URL=database_url)
    configure_logging(settings.logging, settings.secrets())
    async with (
        opened_database(settings, parse_database_url(database_url)) as opened,
        opened.transaction() as connection,
    ):
        await connection.execute(text("SELECT count(*) FROM core_betting.events"))
    assert "schema.newer" in capsys.readouterr().err


def test_the_embedded_server_is_reached_the_nearest_way(postgres_server: EmbeddedPostgres) -> None:
    with located(load_settings(LINEKEEPER_DATA_DIR=str(postgres_server.home.parent))) as url:
        assert url == postgres_server.address("linekeeper")
        assert url.is_socket
