locals {
  own_statements = concat(
    [{
      Sid       = "WriteItsLog"
      Effect    = "Allow"
      Action    = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource  = ["${aws_cloudwatch_log_group.main.arn}:log-stream:*"]
      Condition = null
    }],
    [for queue in var.failures_queue_arn[*] : {
      Sid       = "HandInItsFailures"
      Effect    = "Allow"
      Action    = ["sqs:SendMessage"]
      Resource  = [queue]
      Condition = null
    }]
  )
}

resource "aws_iam_role" "main" {
  name                 = var.name
  permissions_boundary = var.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

resource "aws_iam_role_policy" "main" {
  name = "what-it-does"
  role = aws_iam_role.main.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for statement in concat(local.own_statements, var.statements) :
      { for key, value in statement : key => value if value != null }
    ]
  })
}
