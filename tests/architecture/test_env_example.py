"""`.env.example` is the documentation of every setting, and it is true."""

from pathlib import Path

import pytest

from core.config import GROUPS, load_settings, variables

ROOT = Path(__file__).parents[2]
KNOWN = {variable: text for group in GROUPS.values() for variable, text in variables(group).items()}


def documented() -> dict[str, tuple[str, str]]:
    """Return each variable of .env.example with its value and the comment above it."""
    found, comment = {}, ""
    for line in (ROOT / ".env.example").read_text().splitlines():
        if line.startswith("#"):
            comment += " " + line.removeprefix("#").strip()
        elif line:
            name, _, value = line.partition("=")
            found[name], comment = (value, comment), ""
        else:
            comment = ""
    return found


def test_the_example_file_documents_exactly_the_variables_that_exist() -> None:
    assert documented().keys() == KNOWN.keys()


@pytest.mark.parametrize("variable", sorted(KNOWN))
def test_the_example_file_says_what_a_variable_accepts(variable: str) -> None:
    assert KNOWN[variable].lower() in documented()[variable][1].lower()


def test_the_example_file_shows_the_real_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in (*KNOWN, "XDG_DATA_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)
    by_default = load_settings()
    (tmp_path / ".env").write_text((ROOT / ".env.example").read_text())
    assert load_settings() == by_default
    shown = {variable for variable, (value, _) in documented().items() if value}
    unset = {"ODDS_API_KEY", "REGIONS", "AWS_LAMBDA_ARN", "DISCORD_WEBHOOK_URL", "LOG_FILE", "LINEKEEPER_DATA_DIR"}
    unset |= {"AWS_SCHEDULER_ROLE_ARN", "AWS_DEAD_LETTER_ARN", "RESULTS_BUCKET"}
    unset |= {"DATABASE_URL", "DATABASE_ENVIRONMENT", "DATABASE_TLS", "DATABASE_SSL_ROOT_CERT"}
    unset |= {"ODDS_API_KEY_PARAMETER", "DATABASE_URL_PARAMETER", "DATABASE_SSL_ROOT_CERT_PARAMETER"}
    unset |= {"DISCORD_WEBHOOK_URL_PARAMETER"}
    assert shown == KNOWN.keys() - unset
