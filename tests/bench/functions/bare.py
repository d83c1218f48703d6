"""A function that imports what talks to the feed, to Postgres and to AWS, and does nothing."""

import aiohttp
import asyncpg
import boto3

PACKAGES = (aiohttp, asyncpg)
CLIENT = boto3.client("scheduler", region_name="us-east-1")


def handler(_event: object, _context: object) -> None:
    """Do nothing."""
