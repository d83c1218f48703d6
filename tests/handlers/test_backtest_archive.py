"""What is kept in S3 reads back as it was, under results/ and the run's name."""

import socket

import boto3
import pytest
from botocore.exceptions import ReadTimeoutError

from core.errors import ConfigurationError
from handlers.backtest_archive import BacktestArchive, open_archive_client

BUCKET = "linekeeper-results"


@pytest.fixture
def archive(empty_aws: str) -> BacktestArchive:
    """Return the archive of a run in an empty bucket."""
    client = boto3.client("s3", region_name="us-east-1", endpoint_url=empty_aws)
    client.create_bucket(Bucket=BUCKET)
    return BacktestArchive(client, BUCKET, "run-1")


async def test_what_is_kept_reads_back_and_says_where_it_is(archive: BacktestArchive) -> None:
    assert await archive.keep("result", b'{"bets": [1, 2]}') == f"s3://{BUCKET}/results/run-1/result.json"
    assert await archive.kept("result") == {"bets": [1, 2]}


async def test_keeping_again_takes_the_place_of_what_was_there(archive: BacktestArchive) -> None:
    await archive.keep("part-001", b"1")
    await archive.keep("part-001", b"2")
    assert await archive.kept("part-001") == 2


async def test_what_was_never_kept_is_told(archive: BacktestArchive) -> None:
    with pytest.raises(ConfigurationError, match="the run run-1 has no part-001"):
        await archive.kept("part-001")


async def test_an_s3_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{silent.getsockname()[1]}")
        archive = BacktestArchive(open_archive_client("us-east-1", answer_seconds=0.1), BUCKET, "run-1")
        with pytest.raises(ReadTimeoutError):
            await archive.keep("result", b"{}")
