module "fetch_odds" {
  source = "./modules/function"

  name                 = "${local.prefix}-fetch-odds"
  handler              = "handlers.functions.fetch_odds"
  package              = local.packages.collector
  architecture         = var.architecture
  memory_megabytes     = 512
  timeout_seconds      = local.job_timeout_seconds
  event_age_seconds    = local.event_age_seconds
  failures_queue_arn   = module.failed.arn
  log_retention_days   = var.log_retention_days
  permissions_boundary = local.permissions_boundary

  environment = merge(local.collecting_environment, {
    DATABASE_URL_PARAMETER = module.role_url["collector"].name
  })

  statements = concat(local.collecting_statements, [{
    Sid      = "ReadItsSecrets"
    Action   = ["ssm:GetParameters"]
    Resource = concat(local.collecting_secret_arns, [module.role_url["collector"].arn])
  }])
}
