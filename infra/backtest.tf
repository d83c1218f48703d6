module "backtest" {
  source = "./modules/function"

  name                 = "${local.prefix}-backtest"
  handler              = "handlers.backtest.handler"
  package              = local.packages.backtest
  architecture         = var.architecture
  memory_megabytes     = 1769
  timeout_seconds      = 900
  retries              = 0
  failures_queue_arn   = module.failed.arn
  log_retention_days   = var.log_retention_days
  permissions_boundary = local.permissions_boundary

  environment = merge(local.database_environment, {
    DATABASE_URL_PARAMETER = module.role_url["backtest"].name
    RESULTS_BUCKET         = module.results.name
    LOG_LEVEL              = var.log_level
  })

  statements = [
    {
      Sid      = "ReadItsSecrets"
      Action   = ["ssm:GetParameters"]
      Resource = concat([module.role_url["backtest"].arn], local.database_root_cert_arns)
    },
    {
      Sid      = "KeepItsResults"
      Action   = ["s3:GetObject", "s3:PutObject"]
      Resource = ["${module.results.arn}/results/*"]
    },
  ]
}
