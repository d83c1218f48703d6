"""The rights that a call takes: which action on which resource, and what a policy may make a condition of."""

from collections.abc import Callable, Iterator

from tests.infra.account import ACCOUNT, REGION
from tests.infra.calls import Call
from tests.infra.iam import Need

_HERE = f"{REGION}:{ACCOUNT}"
_ANY = "*"
"""What AWS knows no narrower resource of."""

_TAGGING = {
    "iam": "iam:TagRole",
    "lambda": "lambda:TagResource",
    "logs": "logs:TagResource",
    "monitoring": "cloudwatch:TagResource",
    "scheduler": "scheduler:TagResource",
    "sns": "sns:TagResource",
    "sqs": "sqs:TagQueue",
    "ssm": "ssm:AddTagsToResource",
}
"""What it takes besides to make something with tags; those of a bucket come by a call of their own."""

_WITHIN_A_BOUNDARY = frozenset({"CreateRole", "PutRolePermissionsBoundary", "PutRolePolicy"})


def needs(call: Call, *, boundary: str | None = None) -> list[Need]:
    """Return the rights that a call takes, none for what everybody may; raise for an operation of unknown needs.

    Args:
        call: A call to AWS.
        boundary: The boundary of the role that the call writes, where it does not set one itself.
    """
    if call.service == "sts":
        return []
    resources = list(_RESOURCES[call.service](call))
    named = [_action(call)]
    if any(name.lower().partition(".")[0] == "tags" for name in call.parameters) and call.operation not in {
        "AddTagsToResource",
        "TagResource",
    }:
        named.append(_TAGGING[call.service])
    context: tuple[tuple[str, str], ...] = ()
    if call.service == "iam" and call.operation in _WITHIN_A_BOUNDARY:
        held = call.parameters.get("PermissionsBoundary", boundary)
        context = (("iam:PermissionsBoundary", held),) if held else ()
    return [*(Need(name, resource, context) for name in named for resource in resources), *_passed_roles(call)]


def _action(call: Call) -> str:
    service = {"monitoring": "cloudwatch"}.get(call.service, call.service)
    operation = {("lambda", "Invoke"): "InvokeFunction"}.get((call.service, call.operation), call.operation)
    return f"{service}:{operation}"


def _passed_roles(call: Call) -> Iterator[Need]:
    """Yield the right to hand a role to the service that is to act by it."""
    if call.service == "lambda" and "Role" in call.parameters:
        yield Need("iam:PassRole", call.parameters["Role"], (("iam:PassedToService", "lambda.amazonaws.com"),))
    if call.service == "scheduler" and "Target" in call.parameters:
        role = call.parameters["Target"]["RoleArn"]
        yield Need("iam:PassRole", role, (("iam:PassedToService", "scheduler.amazonaws.com"),))


def _roles(call: Call) -> Iterator[str]:
    yield _ANY if call.operation == "ListRoles" else f"arn:aws:iam::{ACCOUNT}:role/{call.parameters['RoleName']}"


def _functions(call: Call) -> Iterator[str]:
    if call.operation == "ListFunctions":
        yield _ANY
        return
    name = call.parameters.get("FunctionName") or call.parameters["Resource"]
    yield name if name.startswith("arn:") else f"arn:aws:lambda:{_HERE}:function:{name}"


def _logs(call: Call) -> Iterator[str]:
    given = call.parameters
    if call.operation == "DescribeLogGroups" or call.operation.endswith(("QueryDefinition", "QueryDefinitions")):
        yield _ANY
    elif "logStreamName" in given:
        yield f"arn:aws:logs:{_HERE}:log-group:{given['logGroupName']}:log-stream:{given['logStreamName']}"
    else:
        yield given.get("resourceArn") or f"arn:aws:logs:{_HERE}:log-group:{given['logGroupName']}"


def _alarms_and_dashboards(call: Call) -> Iterator[str]:
    given = call.parameters
    if call.operation == "DescribeAlarms":
        yield _ANY
    elif "DashboardName" in given:
        yield f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/{given['DashboardName']}"
    else:
        yield given.get("ResourceARN") or f"arn:aws:cloudwatch:{_HERE}:alarm:{given['AlarmName']}"


def _objects_and_buckets(call: Call) -> Iterator[str]:
    bucket = f"arn:aws:s3:::{call.parameters['Bucket']}"
    yield f"{bucket}/{call.parameters['Key']}" if call.operation.endswith("Object") else bucket


def _schedules_and_groups(call: Call) -> Iterator[str]:
    given = call.parameters
    if call.operation == "ListSchedules":
        yield f"arn:aws:scheduler:{_HERE}:schedule/*/*"
    elif call.operation.endswith("ScheduleGroup"):
        yield f"arn:aws:scheduler:{_HERE}:schedule-group/{given['Name']}"
    elif "ResourceArn" in given:
        yield given["ResourceArn"]
    else:
        yield f"arn:aws:scheduler:{_HERE}:schedule/{given.get('GroupName') or given['groupName']}/{given['Name']}"


def _topics(call: Call) -> Iterator[str]:
    given = call.parameters
    if "SubscriptionArn" in given:
        yield _ANY
    else:
        yield given.get("TopicArn") or given.get("ResourceArn") or f"arn:aws:sns:{_HERE}:{given['Name']}"


def _queues(call: Call) -> Iterator[str]:
    given = call.parameters
    yield f"arn:aws:sqs:{_HERE}:{given.get('QueueName') or given['QueueUrl'].rsplit('/')[-1]}"


def _parameters(call: Call) -> Iterator[str]:
    given = call.parameters
    if call.operation == "DescribeParameters":
        yield _ANY
        return
    for name in given.get("Names") or [given.get("Name") or given["ResourceId"]]:
        yield f"arn:aws:ssm:{_HERE}:parameter{name}"


_RESOURCES: dict[str, Callable[[Call], Iterator[str]]] = {
    "iam": _roles,
    "lambda": _functions,
    "logs": _logs,
    "monitoring": _alarms_and_dashboards,
    "s3": _objects_and_buckets,
    "scheduler": _schedules_and_groups,
    "sns": _topics,
    "sqs": _queues,
    "ssm": _parameters,
}
