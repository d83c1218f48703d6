resource "aws_cloudwatch_log_group" "main" {
  #checkov:skip=CKV_AWS_338:what must be kept is in Postgres; a log is for looking into the last weeks
  #checkov:skip=CKV_AWS_158:a key of one's own costs a dollar a month; logs hold no secret, which a test proves
  name              = "/aws/lambda/${var.name}"
  retention_in_days = var.log_retention_days
}

resource "aws_lambda_function" "main" {
  #checkov:skip=CKV_AWS_115:new accounts have nothing to reserve; a lease in Postgres keeps runs apart
  #checkov:skip=CKV_AWS_116:what fails goes to the on-failure destination, which tells the error too
  #checkov:skip=CKV_AWS_117:a function inside a VPC needs a NAT gateway, 30 times the price of all the rest
  #checkov:skip=CKV_AWS_173:the environment holds names of parameters, no secret; AWS encrypts it with a key of its own
  #checkov:skip=CKV_AWS_272:the package is made and applied by one workflow, from hashed requirements
  #checkov:skip=CKV_AWS_50:a run tells its durations in its log; a trace of one function would add none
  function_name    = var.name
  role             = aws_iam_role.main.arn
  runtime          = "python3.13"
  architectures    = [var.architecture]
  handler          = var.handler
  filename         = var.package
  source_code_hash = fileexists(var.package) ? filebase64sha256(var.package) : null
  memory_size      = var.memory_megabytes
  timeout          = var.timeout_seconds

  environment {
    variables = var.environment
  }

  depends_on = [aws_cloudwatch_log_group.main, aws_iam_role_policy.main]

  lifecycle {
    precondition {
      condition     = fileexists(var.package)
      error_message = "There is no ${var.package}: make package makes it (ARCH=x86_64 for the other architecture)."
    }
  }
}

resource "aws_lambda_function_event_invoke_config" "main" {
  function_name                = aws_lambda_function.main.function_name
  maximum_retry_attempts       = var.retries
  maximum_event_age_in_seconds = var.event_age_seconds

  dynamic "destination_config" {
    for_each = var.failures_queue_arn[*]

    content {
      on_failure {
        destination = destination_config.value
      }
    }
  }
}
