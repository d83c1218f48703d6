"""Where the function that runs backtests keeps what it found: compressed JSON in S3, under `results/`."""

import asyncio
import gzip
from typing import TYPE_CHECKING, Any

import boto3
import orjson
from botocore.config import Config
from botocore.exceptions import ClientError

from core.errors import ConfigurationError

if TYPE_CHECKING:
    from botocore.client import BaseClient

FOLDER = "results"


def open_archive_client(region: str, *, connect_seconds: float = 5, answer_seconds: float = 20) -> "BaseClient":
    """Return a boto3 client of S3 that tries each call twice, so that a silent one ends before the invocation."""
    config = Config(
        connect_timeout=connect_seconds,
        read_timeout=answer_seconds,
        retries={"mode": "standard", "total_max_attempts": 2},
    )
    return boto3.client("s3", region_name=region, config=config)


class BacktestArchive:
    """The objects of one run in a bucket."""

    def __init__(self, client: "BaseClient", bucket: str, run: str) -> None:
        """Keep the run's objects in this bucket."""
        self._client, self._bucket, self._run = client, bucket, run

    async def keep(self, name: str, body: bytes) -> str:
        """Keep JSON under a name, in place of what was there, and return where it is."""
        key = self._key(name)
        await asyncio.to_thread(
            self._client.put_object,
            Bucket=self._bucket,
            Key=key,
            Body=gzip.compress(body, mtime=0),
            ContentType="application/json",
            ContentEncoding="gzip",
        )
        return f"s3://{self._bucket}/{key}"

    async def kept(self, name: str) -> Any:  # noqa: ANN401
        """Return the JSON under a name; raises ConfigurationError where there is none."""
        try:
            found = await asyncio.to_thread(
                self._client.get_object,
                Bucket=self._bucket,
                Key=self._key(name),
            )
        except ClientError as error:
            # Who may not list a bucket is told that access is denied where an object is not there.
            if error.response["Error"]["Code"] not in {"NoSuchKey", "AccessDenied"}:
                raise
            msg = f"the run {self._run} has no {name}: go on as the answer of its last invocation told"
            raise ConfigurationError(msg) from None
        return orjson.loads(gzip.decompress(await asyncio.to_thread(found["Body"].read)))

    def _key(self, name: str) -> str:
        return f"{FOLDER}/{self._run}/{name}.json"
