"""The tables, one file per Postgres schema; `METADATA` holds them all."""

from sqlmodel import SQLModel

from core.models import core_betting, operational, raw_data

SCHEMAS = (raw_data.SCHEMA, core_betting.SCHEMA, "analytics", operational.SCHEMA)
METADATA = SQLModel.metadata
