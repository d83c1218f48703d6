module "watching" {
  source = "./modules/watching"

  prefix                = local.prefix
  metrics_namespace     = local.metrics_namespace
  region                = var.region
  account_id            = local.account_id
  sports                = var.sports
  functions             = local.functions
  jobs                  = local.jobs
  queues                = { undelivered = module.undelivered.name, failed = module.failed.name }
  look_cost             = local.look_cost
  heartbeat_minutes     = var.timing.heartbeat_minutes
  longest_silence_hours = var.timing.longest_sleep_hours
  alert_email           = var.alert_email == "none" ? null : var.alert_email
  is_quiet              = var.paused
}
