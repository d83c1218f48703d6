# The most that any role of a deployment may do. Without it, who may write a role's policy may do everything.

resource "aws_iam_policy" "boundary" {
  for_each = local.prefixes

  name        = "${each.value}-boundary"
  description = "The most that the roles of ${each.value} may do."

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid    = "WhatFunctionsAndSchedulesDo"
        Effect = "Allow"
        Action = [
          "lambda:InvokeFunction", "logs:CreateLogStream", "logs:PutLogEvents", "s3:GetObject", "s3:PutObject", "scheduler:CreateSchedule",
          "scheduler:GetSchedule", "scheduler:UpdateSchedule", "sqs:SendMessage", "ssm:GetParameters", "ssm:PutParameter",
        ]
        Resource = flatten([
          local.names[each.key].functions,
          [for group in local.names[each.key].log_groups : "${group}:log-stream:*"],
          [for bucket in local.names[each.key].bucket : "${bucket}/results/*"],
          local.names[each.key].armed, local.names[each.key].queues, local.names[each.key].parameters,
        ])
      },
      {
        Sid      = "ListSchedules"
        Effect   = "Allow"
        Action   = ["scheduler:ListSchedules"]
        Resource = ["arn:${local.partition}:scheduler:${local.here}:schedule/*/*"]
      },
      {
        Sid       = "HandTheInvokeRoleToSchedules"
        Effect    = "Allow"
        Action    = ["iam:PassRole"]
        Resource  = ["arn:${local.partition}:iam::${local.account}:role/${each.value}-invoke"]
        Condition = { StringEquals = { "iam:PassedToService" = "scheduler.amazonaws.com" } }
      },
    ]
  })
}
