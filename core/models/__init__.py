"""The tables, one file per Postgres schema; `METADATA` holds them all."""

from sqlmodel import SQLModel

from core.models import analytics, core_betting, operational, raw_data

SCHEMAS = (raw_data.SCHEMA, core_betting.SCHEMA, analytics.SCHEMA, operational.SCHEMA)
METADATA = SQLModel.metadata
