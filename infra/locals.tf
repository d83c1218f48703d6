data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

# The role by which GitHub applies this deployment; infra/github/ makes it, with the policy PREFIX-boundary.
data "aws_iam_roles" "github" {
  name_regex = "^${var.name}-github-apply-${var.environment}$"
}

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

  # Whoever applies keeps to it where infra/github/ was applied, or the next apply from there would be refused.
  permissions_boundary = length(data.aws_iam_roles.github.names) > 0 ? "arn:${local.partition}:iam::${local.account_id}:policy/${local.prefix}-boundary" : null

  function_arn_prefix = "arn:${local.partition}:lambda:${local.here}:function:${local.prefix}-"
  # As the feed counts it: ten bookmakers are a region.
  look_cost = length(var.scope.markets) * (length(var.scope.regions) + ceil(length(var.scope.bookmakers) / 10))

  jobs = ["fetch-odds", "fetch-scores", "update-status"]

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
