"""A function that imports the packages that the project is fixed to, makes an engine and a client, and rests."""

import aiohttp
import asyncpg
import boto3
import pydantic_settings
import sqlmodel
import structlog
import tenacity
from sqlalchemy import NullPool
from sqlalchemy.ext.asyncio import create_async_engine

PACKAGES = (aiohttp, asyncpg, pydantic_settings, sqlmodel, structlog, tenacity)
ENGINE = create_async_engine("postgresql+asyncpg://nobody@127.0.0.1/none", poolclass=NullPool)
CLIENT = boto3.client("scheduler", region_name="us-east-1")


def handler(_event: object, _context: object) -> None:
    """Do nothing."""
