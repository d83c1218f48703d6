"""Settings of when and where the jobs run, and of what they check and tell."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from core.metrics import NAMESPACE
from core.settings.base import PARAMETER, SettingsGroup
from core.settings.values import AnyPath, FunctionArn, Hours, Minutes, ParameterName, QueueArn, RoleArn, WebhookUrl

DEFAULT_AWS_REGION = "us-east-1"

_SWITCH = "true or false"
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)


def _region_of_the_function(validated: Mapping[str, Any]) -> str:
    arn: str | None = validated["lambda_arn"]
    return arn.split(":")[3] if arn else DEFAULT_AWS_REGION


class SchedulerSettings(SettingsGroup):
    """When the jobs run; `credit_reserve` is the fraction of the plan kept for closing looks."""

    backend: Literal["aws", "railway", "local"] = Field(
        default="local", validation_alias="SCHEDULER_BACKEND", description="aws, railway or local"
    )
    dry_run: bool = Field(default=False, validation_alias="SCHEDULER_DRY_RUN", description=_SWITCH)
    lookahead_days: Annotated[int, Field(ge=1, le=60)] = Field(
        default=7, validation_alias="SCHEDULER_LOOKAHEAD_DAYS", description="1 to 60 days"
    )
    closing_lead: Annotated[Minutes, Field(ge=_MINUTE, le=_HOUR)] = Field(
        default=timedelta(minutes=5),
        validation_alias="SCHEDULER_CLOSING_LEAD_MINUTES",
        description="1 to 60 minutes",
    )
    minimum_gap: Annotated[Minutes, Field(ge=_MINUTE, le=_HOUR)] = Field(
        default=timedelta(minutes=3),
        validation_alias="SCHEDULER_MINIMUM_GAP_MINUTES",
        description="1 to 60 minutes",
    )
    fallback_interval: Annotated[Minutes, Field(ge=_MINUTE, le=24 * _HOUR)] = Field(
        default=timedelta(minutes=30),
        validation_alias="SCHEDULER_FALLBACK_MINUTES",
        description="1 to 1440 minutes",
    )
    runs_a_day: Annotated[int, Field(ge=24, le=1440)] = Field(
        default=300, validation_alias="SCHEDULER_RUNS_A_DAY", description="24 to 1440 runs"
    )
    heartbeat_interval: Annotated[Minutes, Field(ge=_MINUTE, le=_HOUR)] = Field(
        default=timedelta(minutes=1),
        validation_alias="SCHEDULER_HEARTBEAT_MINUTES",
        description="1 to 60 minutes",
    )
    status_interval: Annotated[Hours, Field(ge=_HOUR, le=24 * _HOUR)] = Field(
        default=timedelta(hours=3),
        validation_alias="SCHEDULER_STATUS_INTERVAL_HOURS",
        description="1 to 24 hours",
    )
    longest_sleep: Annotated[Hours, Field(ge=_HOUR, le=24 * _HOUR)] = Field(
        default=timedelta(hours=24), validation_alias="SCHEDULER_LONGEST_SLEEP_HOURS", description="1 to 24 hours"
    )
    credit_reserve: Annotated[float, Field(ge=0, le=0.9)] = Field(
        default=0.1, validation_alias="SCHEDULER_CREDIT_RESERVE", description="a fraction of the plan, 0 to 0.9"
    )

    @model_validator(mode="after")
    def _the_last_look_comes_in_time(self) -> "SchedulerSettings":
        if self.minimum_gap >= self.closing_lead:
            msg = (
                "SCHEDULER_MINIMUM_GAP_MINUTES must be below SCHEDULER_CLOSING_LEAD_MINUTES, "
                "or the last look before a start could be put off past it"
            )
            raise ValueError(msg)
        if self.minimum_gap > self.fallback_interval:
            msg = "SCHEDULER_FALLBACK_MINUTES must not be below SCHEDULER_MINIMUM_GAP_MINUTES"
            raise ValueError(msg)
        return self


class AwsSettings(SettingsGroup):
    """What the schedules invoke, as whom; without AWS_REGION the function's ARN tells the region.

    While `paused`, functions that collect do nothing and arm nothing.
    """

    lambda_arn: FunctionArn | None = Field(
        default=None,
        validation_alias="AWS_LAMBDA_ARN",
        description="the ARN of a function, arn:aws:lambda:REGION:ACCOUNT:function:NAME, NAME perhaps with {job}",
    )
    scheduler_role_arn: RoleArn | None = Field(
        default=None,
        validation_alias="AWS_SCHEDULER_ROLE_ARN",
        description="the ARN of a role, arn:aws:iam::ACCOUNT:role/NAME",
    )
    scheduler_group: Annotated[str, Field(pattern=r"^[0-9a-zA-Z_.-]{1,64}$")] = Field(
        default="linekeeper",
        validation_alias="AWS_SCHEDULER_GROUP",
        description="the name of a schedule group, of letters, digits and _ . -",
    )
    dead_letter_arn: QueueArn | None = Field(
        default=None,
        validation_alias="AWS_DEAD_LETTER_ARN",
        description="the ARN of a queue, arn:aws:sqs:REGION:ACCOUNT:NAME",
    )
    results_bucket: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")] | None = Field(
        default=None,
        validation_alias="RESULTS_BUCKET",
        description="the name of an S3 bucket",
    )
    metrics_namespace: Annotated[str, Field(pattern=r"^[0-9a-zA-Z_.-]{1,255}$")] = Field(
        default=NAMESPACE,
        validation_alias="METRICS_NAMESPACE",
        description="a namespace of CloudWatch, of letters, digits and _ . -",
    )
    paused: bool = Field(default=False, validation_alias="AWS_PAUSED", description=_SWITCH)
    region: Annotated[str, Field(pattern=r"^[a-z]{2,}(-[a-z]+)+-\d$")] = Field(
        default_factory=_region_of_the_function,
        validation_alias="AWS_REGION",
        description="a region such as us-east-1",
    )


class ValidationSettings(SettingsGroup):
    """Whether answers are checked, and whether quotes that fail are kept out."""

    enabled: bool = Field(default=True, validation_alias="ENABLE_VALIDATION", description=_SWITCH)
    reject_invalid_odds: bool = Field(default=False, validation_alias="REJECT_INVALID_ODDS", description=_SWITCH)

    @model_validator(mode="after")
    def _rejecting_needs_checks(self) -> "ValidationSettings":
        if self.reject_invalid_odds and not self.enabled:
            msg = "REJECT_INVALID_ODDS=true needs ENABLE_VALIDATION=true"
            raise ValueError(msg)
        return self


class AlertSettings(SettingsGroup):
    """Whether trouble is told, and where."""

    enabled: bool = Field(default=False, validation_alias="ALERT_ENABLED", description=_SWITCH)
    discord_webhook_url: WebhookUrl | None = Field(
        default=None,
        validation_alias="DISCORD_WEBHOOK_URL",
        description="https://discord.com/api/webhooks/ID/TOKEN",
    )
    discord_webhook_url_parameter: ParameterName | None = Field(
        default=None, validation_alias="DISCORD_WEBHOOK_URL_PARAMETER", description=PARAMETER
    )

    @model_validator(mode="after")
    def _alerts_need_an_address(self) -> "AlertSettings":
        if self.enabled and self.discord_webhook_url is None and self.discord_webhook_url_parameter is None:
            msg = "ALERT_ENABLED=true needs DISCORD_WEBHOOK_URL or DISCORD_WEBHOOK_URL_PARAMETER"
            raise ValueError(msg)
        return self


class LogSettings(SettingsGroup):
    """How much is logged; with a file, that too, rotated daily."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = Field(
        default="INFO", validation_alias="LOG_LEVEL", description="DEBUG, INFO, WARNING, ERROR or CRITICAL"
    )
    file: AnyPath | None = Field(default=None, validation_alias="LOG_FILE", description="the path of a file")

    @field_validator("level", mode="before")
    @classmethod
    def _in_capitals(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value
