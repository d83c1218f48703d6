module "migrate" {
  source = "./modules/function"

  name                 = "${local.prefix}-migrate"
  handler              = "handlers.migrate.handler"
  package              = local.packages.migrate
  architecture         = var.architecture
  memory_megabytes     = 512
  timeout_seconds      = 600
  retries              = 0
  failures_queue_arn   = module.failed.arn
  log_retention_days   = var.log_retention_days
  permissions_boundary = local.permissions_boundary

  environment = merge(local.database_environment, {
    DATABASE_URL_PARAMETER = module.owner_url.name
    LOG_LEVEL              = var.log_level
  })

  statements = [
    {
      Sid      = "ReadTheUrlsOfOwnerAndRoles"
      Action   = ["ssm:GetParameters"]
      Resource = concat([module.owner_url.arn], [for role in local.database_roles : module.role_url[role].arn], local.database_root_cert_arns)
    },
    {
      Sid      = "WriteTheUrlOfEachRole"
      Action   = ["ssm:PutParameter"]
      Resource = [for role in local.database_roles : module.role_url[role].arn]
    },
  ]
}
