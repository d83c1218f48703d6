"""What every group of settings has in common: where its variables come from."""

from pydantic import field_validator
from pydantic_core import PydanticUseDefault
from pydantic_settings import BaseSettings, SettingsConfigDict

PARAMETER = "the name of an SSM SecureString parameter, such as /linekeeper/name"


class SettingsGroup(BaseSettings):
    """Read from the environment, then from `.env` in the working folder; an empty value counts as not set.

    A field's alias is its environment variable; its description says what the variable accepts, and is
    what a refusal tells the user.
    """

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        case_sensitive=True,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    @field_validator("*", mode="before")
    @classmethod
    def _empty_is_not_set(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        if not value.strip(" ,\t\r\n"):
            raise PydanticUseDefault
        return value.strip()
