# What the provider was seen to call, on what carries the deployment's name. Where AWS knows no narrower resource than
# all of a kind, the right is to read a list. What cannot be made again (bucket, logs, armed schedules) no role deletes.

locals {
  account   = data.aws_caller_identity.current.account_id
  partition = data.aws_partition.current.partition
  here      = "${var.region}:${local.account}"

  prefixes = { for environment in local.environments : environment => "${var.name}-${environment}" }

  names = {
    for environment, prefix in local.prefixes : environment => {
      alarms     = ["arn:${local.partition}:cloudwatch:${local.here}:alarm:${prefix}-*"]
      bucket     = ["arn:${local.partition}:s3:::${prefix}-results-${local.account}"]
      dashboard  = ["arn:${local.partition}:cloudwatch::${local.account}:dashboard/${prefix}"]
      functions  = ["arn:${local.partition}:lambda:${local.here}:function:${prefix}-*"]
      log_groups = ["arn:${local.partition}:logs:${local.here}:log-group:/aws/lambda/${prefix}-*"]
      parameters = ["arn:${local.partition}:ssm:${local.here}:parameter/${prefix}/*"]
      queues     = [for queue in ["failed", "undelivered"] : "arn:${local.partition}:sqs:${local.here}:${prefix}-${queue}"]
      roles      = ["arn:${local.partition}:iam::${local.account}:role/${prefix}-*"]
      groups     = [for group in [prefix, "${prefix}-heartbeat"] : "arn:${local.partition}:scheduler:${local.here}:schedule-group/${group}"]
      heartbeat  = ["arn:${local.partition}:scheduler:${local.here}:schedule/${prefix}-heartbeat/heartbeat"]
      armed      = ["arn:${local.partition}:scheduler:${local.here}:schedule/${prefix}/*"]
      topic      = ["arn:${local.partition}:sns:${local.here}:${prefix}-alarms"]
    }
  }

  read = {
    alarms     = ["cloudwatch:ListTagsForResource"]
    dashboard  = ["cloudwatch:GetDashboard"]
    functions  = ["lambda:GetFunction", "lambda:GetFunctionCodeSigningConfig", "lambda:GetFunctionEventInvokeConfig", "lambda:ListTags", "lambda:ListVersionsByFunction"]
    log_groups = ["logs:ListTagsForResource"]
    # To refresh a parameter the provider reads its value, secrets too: who may plan an environment, may read its own.
    parameters = ["ssm:GetParameter", "ssm:ListTagsForResource"]
    queues     = ["sqs:GetQueueAttributes", "sqs:ListQueueTags"]
    roles      = ["iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListInstanceProfilesForRole", "iam:ListRolePolicies"]
    groups     = ["scheduler:GetScheduleGroup", "scheduler:ListTagsForResource"]
    heartbeat  = ["scheduler:GetSchedule"]
    topic      = ["sns:GetTopicAttributes", "sns:ListTagsForResource"]
    bucket = [
      "s3:GetAccelerateConfiguration", "s3:GetBucketAcl", "s3:GetBucketCORS", "s3:GetBucketLogging",
      "s3:GetBucketObjectLockConfiguration", "s3:GetBucketOwnershipControls", "s3:GetBucketPolicy",
      "s3:GetBucketPublicAccessBlock", "s3:GetBucketRequestPayment", "s3:GetBucketTagging", "s3:GetBucketVersioning",
      "s3:GetBucketWebsite", "s3:GetEncryptionConfiguration", "s3:GetLifecycleConfiguration",
      "s3:GetReplicationConfiguration", "s3:ListBucket",
    ]
  }

  change = {
    alarms     = ["cloudwatch:DeleteAlarms", "cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"]
    dashboard  = ["cloudwatch:DeleteDashboards", "cloudwatch:PutDashboard"]
    log_groups = ["logs:CreateLogGroup", "logs:PutRetentionPolicy", "logs:TagResource"]
    parameters = ["ssm:AddTagsToResource", "ssm:DeleteParameter", "ssm:PutParameter"]
    queues     = ["sqs:CreateQueue", "sqs:DeleteQueue", "sqs:SetQueueAttributes", "sqs:TagQueue"]
    groups     = ["scheduler:CreateScheduleGroup", "scheduler:TagResource"]
    heartbeat  = ["scheduler:CreateSchedule", "scheduler:DeleteSchedule", "scheduler:UpdateSchedule"]
    armed      = ["scheduler:GetSchedule"]
    topic      = ["sns:CreateTopic", "sns:DeleteTopic", "sns:SetTopicAttributes", "sns:Subscribe", "sns:TagResource"]
    functions = [
      "lambda:CreateFunction", "lambda:DeleteFunction", "lambda:DeleteFunctionEventInvokeConfig", "lambda:InvokeFunction",
      "lambda:PutFunctionEventInvokeConfig", "lambda:TagResource", "lambda:UpdateFunctionCode", "lambda:UpdateFunctionConfiguration",
    ]
    roles = ["iam:DeleteRole", "iam:DeleteRolePolicy", "iam:TagRole", "iam:UpdateAssumeRolePolicy"]
    bucket = [
      "s3:CreateBucket", "s3:PutBucketOwnershipControls", "s3:PutBucketPolicy", "s3:PutBucketPublicAccessBlock",
      "s3:PutBucketTagging", "s3:PutBucketVersioning", "s3:PutEncryptionConfiguration", "s3:PutLifecycleConfiguration",
    ]
  }

  list_statement = {
    Sid    = "ReadLists"
    Effect = "Allow"
    Action = [
      "cloudwatch:DescribeAlarms", "iam:ListRoles", "lambda:ListFunctions", "logs:DescribeLogGroups", "logs:DescribeQueryDefinitions", "scheduler:ListSchedules",
      "sns:GetSubscriptionAttributes", "ssm:DescribeParameters",
    ]
    Resource = ["*"]
  }

  read_statements = {
    for environment in local.environments : environment => [
      for kind, actions in local.read : {
        Sid      = "Read${replace(title(replace(kind, "_", " ")), " ", "")}"
        Effect   = "Allow"
        Action   = actions
        Resource = local.names[environment][kind]
      }
    ]
  }

  change_statements = {
    for environment in local.environments : environment => concat(
      [
        for kind, actions in local.change : {
          Sid      = "Change${replace(title(replace(kind, "_", " ")), " ", "")}"
          Effect   = "Allow"
          Action   = actions
          Resource = local.names[environment][kind]
        }
      ],
      [
        {
          # A role that is made here can never do more than the boundary says, whatever its policy becomes.
          Sid       = "MakeRolesWithinTheBoundary"
          Effect    = "Allow"
          Action    = ["iam:CreateRole", "iam:PutRolePermissionsBoundary", "iam:PutRolePolicy"]
          Resource  = local.names[environment].roles
          Condition = { StringEquals = { "iam:PermissionsBoundary" = aws_iam_policy.boundary[environment].arn } }
        },
        {
          # A saved query has a number for a name.
          Sid      = "ChangeQueries"
          Effect   = "Allow"
          Action   = ["logs:DeleteQueryDefinition", "logs:PutQueryDefinition"]
          Resource = ["*"]
        },
        {
          # A subscription is no resource to IAM: a right on the topic's name would be none.
          Sid      = "EndSubscriptions"
          Effect   = "Allow"
          Action   = ["sns:Unsubscribe"]
          Resource = ["*"]
        },
        {
          Sid       = "HandRolesToServices"
          Effect    = "Allow"
          Action    = ["iam:PassRole"]
          Resource  = local.names[environment].roles
          Condition = { StringEquals = { "iam:PassedToService" = ["lambda.amazonaws.com", "scheduler.amazonaws.com"] } }
        },
      ]
    )
  }

  state = {
    for environment in local.environments : environment => "arn:${local.partition}:s3:::${var.state_bucket}/${var.name}/${environment}.tfstate"
  }

  state_list_statement = {
    Sid      = "FindState"
    Effect   = "Allow"
    Action   = ["s3:ListBucket"]
    Resource = ["arn:${local.partition}:s3:::${var.state_bucket}"]
  }

  state_read_statements = {
    for environment, state in local.state : environment => {
      Sid      = "ReadState"
      Effect   = "Allow"
      Action   = ["s3:GetObject"]
      Resource = [state]
    }
  }

  state_change_statements = {
    for environment, state in local.state : environment => {
      Sid      = "ChangeState"
      Effect   = "Allow"
      Action   = ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"]
      Resource = [state, "${state}.tflock"]
    }
  }
}
