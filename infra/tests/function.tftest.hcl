# The one way to make a function: its log, its limits, and its rights, which are those it is given and two more.

mock_provider "aws" {
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/trial" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/trial" }
  }
}

variables {
  name               = "trial"
  handler            = "handlers.functions.fetch_odds"
  package            = "tests/function.tftest.hcl"
  architecture       = "arm64"
  memory_megabytes   = 512
  timeout_seconds    = 120
  failures_queue_arn = "arn:aws:sqs:us-east-1:123456789012:failed"
  environment        = { ODDS_API_KEY_PARAMETER = "/trial/odds-api-key" }
  log_retention_days = 30
  statements = [{
    Sid      = "ReadItsSecrets"
    Action   = ["ssm:GetParameters"]
    Resource = ["arn:aws:ssm:us-east-1:123456789012:parameter/trial/odds-api-key"]
  }]
}

run "a_function" {
  module {
    source = "./modules/function"
  }

  assert {
    condition     = aws_cloudwatch_log_group.main.name == "/aws/lambda/trial" && aws_cloudwatch_log_group.main.retention_in_days == 30
    error_message = "The log must be where Lambda writes it, and end."
  }

  assert {
    condition     = aws_lambda_function.main.runtime == "python3.13" && aws_lambda_function.main.architectures == tolist(["arm64"])
    error_message = "The package is made for Python 3.13 and one architecture."
  }

  assert {
    condition     = aws_lambda_function.main.reserved_concurrent_executions == null
    error_message = "New accounts have nothing to reserve."
  }

  assert {
    condition = (
      aws_lambda_function_event_invoke_config.main.maximum_retry_attempts == 2 &&
      aws_lambda_function_event_invoke_config.main.destination_config[0].on_failure[0].destination == var.failures_queue_arn
    )
    error_message = "An event is tried three times, and then kept."
  }

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.main.policy).Statement : statement.Sid] == [
      "WriteItsLog", "HandInItsFailures", "ReadItsSecrets",
    ]
    error_message = "A function has the rights that it is given, its log and its failures."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_role_policy.main.policy).Statement : !contains(keys(statement), "Condition")])
    error_message = "What is not given is not written: IAM refuses a Condition of null."
  }
}

run "a_function_whose_next_event_makes_up_for_one" {
  module {
    source = "./modules/function"
  }

  variables {
    failures_queue_arn = null
  }

  assert {
    condition     = length(aws_lambda_function_event_invoke_config.main.destination_config) == 0
    error_message = "An event that is given up is kept nowhere, ..."
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.main.policy).Statement : statement.Sid] == ["WriteItsLog", "ReadItsSecrets"]
    error_message = "... and no right to keep it is given."
  }
}

run "a_package_that_is_not_there" {
  command = plan

  module {
    source = "./modules/function"
  }

  variables {
    package = "nowhere.zip"
  }

  expect_failures = [aws_lambda_function.main]
}

run "a_timeout_beyond_lambdas" {
  command = plan

  module {
    source = "./modules/function"
  }

  variables {
    timeout_seconds = 901
  }

  expect_failures = [var.timeout_seconds]
}
