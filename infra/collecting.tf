# What every function that keeps the chain of triggers has: its settings, and the right to arm schedules.

locals {
  collecting_environment = merge(
    {
      SCHEDULER_BACKEND      = "aws"
      AWS_LAMBDA_ARN         = "${local.function_arn_prefix}{job}"
      AWS_SCHEDULER_ROLE_ARN = module.schedules.role_arn
      AWS_SCHEDULER_GROUP    = module.schedules.name
      AWS_DEAD_LETTER_ARN    = module.undelivered.arn

      ODDS_API_KEY_PARAMETER = module.odds_api_key.name
      ODDS_API_QUOTA         = tostring(var.credits.quota)

      SPORTS     = join(",", var.sports)
      MARKETS    = join(",", var.scope.markets)
      BOOKMAKERS = join(",", var.scope.bookmakers)
      REGIONS    = join(",", var.scope.regions)

      SCHEDULER_DRY_RUN               = tostring(var.dry_run)
      SCHEDULER_CREDIT_RESERVE        = tostring(var.credits.reserve)
      SCHEDULER_CLOSING_LEAD_MINUTES  = tostring(var.timing.closing_lead_minutes)
      SCHEDULER_MINIMUM_GAP_MINUTES   = tostring(var.timing.minimum_gap_minutes)
      SCHEDULER_FALLBACK_MINUTES      = tostring(var.timing.fallback_minutes)
      SCHEDULER_HEARTBEAT_MINUTES     = tostring(var.timing.heartbeat_minutes)
      SCHEDULER_STATUS_INTERVAL_HOURS = tostring(var.timing.status_interval_hours)
      SCHEDULER_LONGEST_SLEEP_HOURS   = tostring(var.timing.longest_sleep_hours)

      # An account may hold both environments: each has metrics of its own, and so alarms that the other cannot ring.
      METRICS_NAMESPACE = local.metrics_namespace

      AWS_PAUSED = tostring(var.paused)

      ALERT_ENABLED = tostring(var.discord_alerts)
      LOG_LEVEL     = var.log_level
    },
    local.database_environment,
    var.discord_alerts ? { DISCORD_WEBHOOK_URL_PARAMETER = one(module.discord_webhook_url).name } : {}
  )

  collecting_secret_arns = concat([module.odds_api_key.arn], module.discord_webhook_url[*].arn, local.database_root_cert_arns)

  collecting_statements = [
    {
      Sid      = "ArmSchedules"
      Action   = ["scheduler:CreateSchedule", "scheduler:GetSchedule", "scheduler:UpdateSchedule"]
      Resource = ["arn:${local.partition}:scheduler:${local.here}:schedule/${module.schedules.name}/*"]
    },
    {
      # AWS authorises the listing of one group as that of all, and takes no narrower resource.
      Sid      = "ListSchedules"
      Action   = ["scheduler:ListSchedules"]
      Resource = ["arn:${local.partition}:scheduler:${local.here}:schedule/*/*"]
    },
    {
      Sid       = "HandTheInvokeRoleToSchedules"
      Action    = ["iam:PassRole"]
      Resource  = [module.schedules.role_arn]
      Condition = { StringEquals = { "iam:PassedToService" = "scheduler.amazonaws.com" } }
    },
  ]
}
