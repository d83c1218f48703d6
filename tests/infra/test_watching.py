"""Alarms, dashboard and saved queries: each looks at what the code really tells, and the runbook knows it."""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from core.feed.credits import odds_cost
from core.metrics import Metric
from core.scope import Scope
from core.tiers import INTERVALS
from tests.infra.account import Deployment
from tests.infra.loop import Loop
from tests.infra.terraform import INFRA

pytestmark = pytest.mark.slow
OWN = "linekeeper-dev"
RUNBOOK = (INFRA / "README.md").read_text(encoding="utf-8")
OF_AWS = {
    ("AWS/Lambda", "Errors"): {"FunctionName"},
    ("AWS/Lambda", "Duration"): {"FunctionName"},
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible"): {"QueueName"},
}
WORDS = re.compile(r"@?[A-Za-z_][A-Za-z0-9_]*")
LANGUAGE = re.compile(
    r"\b(fields|filter|sort|limit|stats|by|as|desc|asc|in|like|or|and|count|pct|max|min|sum|bin|ispresent|1d)\b"
)
"""The words of CloudWatch's query language that the saved queries use."""
OF_COMMANDS = {
    r"--function-name ([\w-]+)": ("aws_lambda_function", "function_name"),
    r"--queue-name ([\w-]+)": ("aws_sqs_queue", "name"),
    r" --group-name ([\w-]+)": ("aws_scheduler_schedule_group", "name"),
    r"(/linekeeper-dev/[\w/-]+)": ("aws_ssm_parameter", "name"),
}
"""How a command of the runbook names a thing, and where its kind has the name."""
OF_CLOUDWATCH = {
    "@timestamp",
    "@message",
    "@log",
    "@type",
    "@duration",
    "@initDuration",
    "@maxMemoryUsed",
}


def measured(loop: Loop) -> set[tuple[str, frozenset[tuple[str, str]]]]:
    """Return every metric that a function told where this deployment's alarms look, with its dimensions."""
    return {
        (metric["Name"], frozenset((name, line[name]) for name in names))
        for lines in loop.lines.values()
        for line in lines
        if "_aws" in line
        for directive in line["_aws"]["CloudWatchMetrics"]
        if directive["Namespace"] == OWN
        for names in directive["Dimensions"]
        for metric in directive["Metrics"]
    }


def looked_at(deployment: Deployment) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield namespace, metric and dimensions of everything that an alarm or the dashboard looks at."""
    for alarm in alarms(deployment):
        yield alarm["namespace"], alarm["metric_name"], alarm["dimensions"] or {}
    for widget in widgets(deployment):
        for line in widget["properties"].get("metrics", []):
            namespace, metric, *pairs = [part for part in line if isinstance(part, str)]
            yield namespace, metric, dict(zip(pairs[::2], pairs[1::2], strict=True))


def alarms(deployment: Deployment) -> list[dict[str, Any]]:
    return list(deployment.resources("aws_cloudwatch_metric_alarm").values())


def widgets(deployment: Deployment) -> list[dict[str, Any]]:
    [dashboard] = deployment.resources("aws_cloudwatch_dashboard").values()
    found: list[dict[str, Any]] = json.loads(dashboard["dashboard_body"])["widgets"]
    return found


def queries(deployment: Deployment) -> dict[str, str]:
    saved = deployment.resources("aws_cloudwatch_query_definition").values()
    return {one["name"].removeprefix("linekeeper-dev/"): one["query_string"] for one in saved}


def test_every_metric_that_is_looked_at_is_told_by_the_functions(deployment: Deployment, loop: Loop) -> None:
    told = measured(loop)
    own = {(name, frozenset(found.items())) for space, name, found in looked_at(deployment) if space == OWN}
    assert own
    assert own - told == set()


def test_every_metric_that_the_functions_tell_is_looked_at(deployment: Deployment, loop: Loop) -> None:
    own = {(name, frozenset(found.items())) for space, name, found in looked_at(deployment) if space == OWN}
    assert {name for name, _ in own} == set(Metric)
    assert measured(loop) - own == set()


def test_every_metric_of_aws_is_asked_of_something_that_is_there(deployment: Deployment) -> None:
    there = {one["function_name"] for one in deployment.resources("aws_lambda_function").values()}
    there |= {one["name"] for one in deployment.resources("aws_sqs_queue").values()}
    found = [one for one in looked_at(deployment) if one[0] != OWN]
    assert {(space, name) for space, name, _ in found} == OF_AWS.keys()
    for space, name, dimensions in found:
        assert dimensions.keys() == OF_AWS[space, name]
        assert set(dimensions.values()) <= there


def test_r5_alarms_fire_when_nothing_runs(deployment: Deployment) -> None:
    silent = {alarm["alarm_name"] for alarm in alarms(deployment) if alarm["treat_missing_data"] == "breaching"}
    assert silent == {"linekeeper-dev-heartbeat-missing", "linekeeper-dev-events-stale-basketball_nba"}


def test_a_refused_key_rings_until_no_look_of_two_days_has_met_it(deployment: Deployment) -> None:
    [alarm] = [one for one in alarms(deployment) if one["alarm_name"].endswith("keys-refused")]
    longest_gap = max(INTERVALS.values())
    assert (alarm["datapoints_to_alarm"], alarm["treat_missing_data"]) == (1, "notBreaching")
    assert timedelta(seconds=alarm["period"] * alarm["evaluation_periods"]) > longest_gap


def test_credits_are_low_from_when_a_look_that_may_not_touch_the_reserve_is_not_paid_any_more(
    deployment: Deployment,
) -> None:
    [alarm] = [one for one in alarms(deployment) if one["alarm_name"].endswith("credits-low")]
    assert (alarm["metric_name"], alarm["comparison_operator"]) == (Metric.CREDITS_SPENDABLE, "LessThanThreshold")
    variables = deployment.variables_of("fetch-odds")
    asked = {name: variables[name.upper()].split(",") for name in ("markets", "bookmakers")}
    assert alarm["threshold"] == odds_cost(Scope.of(asked["markets"], bookmakers=asked["bookmakers"]))


def test_every_line_of_a_graph_is_a_metric_as_it_was_told(deployment: Deployment) -> None:
    lines = [line for widget in widgets(deployment) for line in widget["properties"].get("metrics", [])]
    assert lines
    assert [line for line in lines if not isinstance(line[0], str)] == [], "no formula that nothing here can check"


def test_a_beat_that_fails_hides_no_failure_of_others(deployment: Deployment) -> None:
    kept = deployment.resources("aws_lambda_function_event_invoke_config").values()
    assert [one["function_name"] for one in kept if not one["destination_config"]] == ["linekeeper-dev-heartbeat"]


def test_every_function_that_fails_rings_an_alarm_of_its_own(deployment: Deployment) -> None:
    of_errors = {one["dimensions"]["FunctionName"] for one in alarms(deployment) if one["metric_name"] == "Errors"}
    made = {one["function_name"] for one in deployment.resources("aws_lambda_function").values()}
    assert made - of_errors == {"linekeeper-dev-heartbeat"}, "a beat that fails tells no Heartbeat, which rings"


def test_whoever_is_named_is_written_to(deployment: Deployment) -> None:
    [mail] = deployment.resources("aws_sns_topic_subscription").values()
    assert (mail["protocol"], mail["endpoint"]) == ("email", "you@example.com")
    assert {tuple(one["alarm_actions"]) for one in alarms(deployment)} == {(mail["topic_arn"],)}


def test_the_runbook_says_what_to_do_about_every_alarm_and_knows_no_other(deployment: Deployment) -> None:
    names = {alarm["alarm_name"].removeprefix("linekeeper-dev-") for alarm in alarms(deployment)}
    table = RUNBOOK.partition("## Alarms")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.*?) \| .{10,} \| .{20,} \|$", table, re.MULTILINE)
    told = {name for row in rows for name in re.findall(r"`([\w-]+)`", row)}
    assert {name.replace("basketball_nba", "SPORT") for name in names} == told
    for alarm in alarms(deployment):
        kind = alarm["alarm_name"].removeprefix("linekeeper-dev-")
        assert alarm["alarm_description"].endswith(f"infra/README.md, {kind}.")


def test_every_alarm_can_be_evaluated_by_cloudwatch(deployment: Deployment) -> None:
    for alarm in alarms(deployment):
        period, spanned = alarm["period"], alarm["period"] * alarm["evaluation_periods"]
        assert period % 60 == 0
        assert spanned <= (7 * 86_400 if period >= 3600 else 86_400)


def test_every_field_of_a_saved_query_is_one_of_real_log_lines(deployment: Deployment, loop: Loop) -> None:
    known = {field for lines in loop.lines.values() for line in lines for field in line}
    for query in queries(deployment).values():
        bare = re.sub(r'"[^"]*"|like /.*/', "", query)
        names = set(re.findall(r"\bas (\w+)", bare))
        assert set(WORDS.findall(LANGUAGE.sub("", bare))) - names - known - OF_CLOUDWATCH == set()


def test_every_event_that_a_saved_query_filters_by_was_logged(deployment: Deployment, loop: Loop) -> None:
    logged = {line["event"] for lines in loop.lines.values() for line in lines if "event" in line}
    asked = {
        event
        for query in queries(deployment).values()
        for listed in re.findall(r"event (?:in \[|= )(.*?\")(?:\]| )", query)
        for event in re.findall(r'"(.*?)"', listed)
    }
    assert asked
    assert asked - logged == set()


def test_what_failed_is_found_by_the_level_of_our_lines_and_by_the_words_of_lambdas(
    deployment: Deployment, loop: Loop
) -> None:
    failures = [line for lines in loop.lines.values() for line in lines if line.get("event") == "run.failed"]
    assert {line["level"] for line in failures} == {"error"}
    [words] = re.findall(r"@message like /(.*)/", queries(deployment)["what-failed"])
    assert re.search(words, loop.said["fetch-odds"])


def test_the_runbook_names_every_saved_query(deployment: Deployment) -> None:
    assert [
        name for name in queries(deployment) if f"`{name}`" not in RUNBOOK and f"/{name}`" not in RUNBOOK
    ] == []


@pytest.mark.parametrize("pattern", OF_COMMANDS, ids=[kind for kind, _ in OF_COMMANDS.values()])
def test_everything_that_a_command_of_the_runbook_names_is_there(deployment: Deployment, pattern: str) -> None:
    kind, attribute = OF_COMMANDS[pattern]
    named = set(re.findall(pattern, RUNBOOK))
    assert named
    assert named <= {one[attribute] for one in deployment.resources(kind).values()}
