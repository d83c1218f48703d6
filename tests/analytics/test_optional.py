import pytest

from analytics.optional import research_library
from core.errors import ConfigurationError


def test_a_library_that_is_there_is_returned() -> None:
    assert research_library("json.decoder").JSONDecodeError


def test_a_missing_one_is_named_with_the_way_to_get_it() -> None:
    with pytest.raises(ConfigurationError, match=r"needs nosuchlibrary, .* pip install '\.\[research\]'"):
        research_library("nosuchlibrary.parquet")
