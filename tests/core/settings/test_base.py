"""Where a group's variables come from; the order of the sources is shown in test_config.py."""

import pytest
from pydantic import Field, SecretStr, ValidationError

from core.settings.base import SettingsGroup


class _Group(SettingsGroup):
    word: str = Field(default="by default", validation_alias="LK_TEST_WORD")
    secret: SecretStr | None = Field(default=None, validation_alias="LK_TEST_SECRET", min_length=100)


@pytest.mark.parametrize("value", ["", " ", "\t\n", ",", " , "])
def test_a_value_of_nothing_but_blanks_and_commas_is_not_set(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LK_TEST_WORD", value)
    assert _Group().word == "by default"


def test_blanks_around_a_value_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LK_TEST_WORD", "  odds \n")
    assert _Group().word == "odds"


def test_only_the_exact_name_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("lk_test_word", "odds")
    assert _Group().word == "by default"


def test_a_group_cannot_be_changed() -> None:
    group = _Group()
    with pytest.raises(ValidationError):
        group.word = "changed"  # type: ignore[misc]


def test_the_text_of_a_refusal_hides_the_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LK_TEST_SECRET", "sentinel")
    with pytest.raises(ValidationError) as refused:
        _Group()
    assert "sentinel" not in str(refused.value)
