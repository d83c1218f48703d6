data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  prefix     = "${var.name}-${var.environment}"
  account_id = data.aws_caller_identity.current.account_id
  partition  = data.aws_partition.current.partition
  here       = "${var.region}:${local.account_id}"

  metrics_namespace = local.prefix

  packages = {
    for part in ["collector", "migrate", "backtest"] :
    part => "${coalesce(var.package_folder, "${path.module}/../dist")}/${part}-${var.architecture}.zip"
  }

  permissions_boundary = var.has_boundary ? "arn:${local.partition}:iam::${local.account_id}:policy/${local.prefix}-boundary" : null

  function_arn_prefix = "arn:${local.partition}:lambda:${local.here}:function:${local.prefix}-"
  jobs                = ["fetch-odds", "fetch-scores", "update-status"]

  # A run that is killed must be over before the next one may begin, a minimum gap later.
  job_timeout_seconds = min(120, 60 * var.timing.minimum_gap_minutes - 30)
  # A beat must be over before the next one.
  heartbeat_timeout_seconds = min(60, 60 * var.timing.heartbeat_minutes - 10)
  # A run that comes an hour late does not do its work any more, so no event is kept for longer.
  event_age_seconds = 3600

  functions = {
    fetch-odds    = module.fetch_odds
    fetch-scores  = module.fetch_scores
    update-status = module.update_status
    heartbeat     = module.heartbeat
    migrate       = module.migrate
    backtest      = module.backtest
  }
}
