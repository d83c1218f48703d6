module "heartbeat" {
  source = "./modules/function"

  name                 = "${local.prefix}-heartbeat"
  handler              = "handlers.functions.heartbeat"
  package              = local.packages.collector
  architecture         = var.architecture
  memory_megabytes     = 512
  timeout_seconds      = local.heartbeat_timeout_seconds
  retries              = 0
  event_age_seconds    = max(60, 60 * var.timing.heartbeat_minutes)
  log_retention_days   = var.log_retention_days
  permissions_boundary = local.permissions_boundary

  environment = merge(local.collecting_environment, {
    DATABASE_URL_PARAMETER = module.role_url["monitor"].name
  })

  statements = concat(local.collecting_statements, [
    {
      Sid      = "ReadItsSecrets"
      Action   = ["ssm:GetParameters"]
      Resource = concat(local.collecting_secret_arns, [module.role_url["monitor"].arn])
    },
    {
      Sid      = "RunWhatDidNotRun"
      Action   = ["lambda:InvokeFunction"]
      Resource = [for job in local.jobs : "${local.function_arn_prefix}${job}"]
    },
  ])
}

# In a group of its own: the functions take whatever is in theirs for a trigger of a job.
module "heartbeat_schedule" {
  source = "./modules/schedule_group"

  name                  = "${local.prefix}-heartbeat"
  function_arns         = [module.heartbeat.arn]
  undelivered_queue_arn = module.undelivered.arn
  account_id            = local.account_id
  permissions_boundary  = local.permissions_boundary
}

resource "aws_scheduler_schedule" "heartbeat" {
  #checkov:skip=CKV_AWS_297:a schedule holds no secret; AWS's own key encrypts it
  name                = "heartbeat"
  description         = "Sees that every job has a sound trigger; collecting goes on as long as this schedule fires."
  group_name          = module.heartbeat_schedule.name
  schedule_expression = "rate(${var.timing.heartbeat_minutes} minute${var.timing.heartbeat_minutes == 1 ? "" : "s"})"
  state               = var.paused ? "DISABLED" : "ENABLED"

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = module.heartbeat.arn
    role_arn = module.heartbeat_schedule.role_arn
    input    = jsonencode({})

    dead_letter_config {
      arn = module.undelivered.arn
    }

    retry_policy {
      maximum_event_age_in_seconds = max(60, 60 * var.timing.heartbeat_minutes)
      maximum_retry_attempts       = 3
    }
  }
}
