"""Where the embedded database lives by default, and which environments there are; test_config.py has the rest."""

import os
import sys
from pathlib import Path

import pytest

from core.config import load_settings
from core.errors import ConfigurationError
from core.settings.collecting import DEFAULT_BOOKMAKERS, CollectionSettings, default_data_dir

unix_only = pytest.mark.skipif(sys.platform == "win32", reason="user ids are of Unix")


@unix_only
@pytest.mark.parametrize("uid", [0, 1000], ids=["root", "a user"])
def test_the_data_folder_honours_xdg_data_home(uid: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert default_data_dir() == tmp_path / "linekeeper"


@unix_only
def test_the_data_folder_of_root_is_the_systems(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    assert default_data_dir() == Path("/var/lib/linekeeper")


@unix_only
def test_the_data_folder_of_a_user_is_in_their_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.delenv("XDG_DATA_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert default_data_dir().is_relative_to(tmp_path)


def test_the_seven_bookmakers_of_the_default_cost_one_region() -> None:
    scope = CollectionSettings(BOOKMAKERS=DEFAULT_BOOKMAKERS).scope
    assert (len(scope.bookmakers), scope.region_count) == (7, 1)


@pytest.mark.parametrize("environment", ["test", "local"])
def test_a_database_elsewhere_is_neither_a_test_nor_local(environment: str) -> None:
    with pytest.raises(ConfigurationError, match=f"DATABASE_ENVIRONMENT={environment} is for a database on this"):
        load_settings(DATABASE_URL="postgresql://me@db.example.com/odds", DATABASE_ENVIRONMENT=environment)


def test_an_environment_that_there_is_not_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(ConfigurationError, match="'staging': expected test, local, dev or production"):
        load_settings(DATABASE_ENVIRONMENT="staging")
