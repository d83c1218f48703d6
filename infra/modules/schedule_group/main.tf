resource "aws_scheduler_schedule_group" "main" {
  name = var.name
}

resource "aws_iam_role" "invoke" {
  name                 = "${var.name}-invoke"
  permissions_boundary = var.permissions_boundary

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "scheduler.amazonaws.com" }
      Condition = {
        StringEquals = {
          "aws:SourceAccount" = var.account_id
          "aws:SourceArn"     = aws_scheduler_schedule_group.main.arn
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "invoke" {
  name = "what-it-does"
  role = aws_iam_role.invoke.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "InvokeTheFunctions"
        Effect   = "Allow"
        Action   = ["lambda:InvokeFunction"]
        Resource = var.function_arns
      },
      {
        Sid      = "KeepWhatCannotBeDelivered"
        Effect   = "Allow"
        Action   = ["sqs:SendMessage"]
        Resource = [var.undelivered_queue_arn]
      },
    ]
  })
}
