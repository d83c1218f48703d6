# The group and its role are Terraform's. The schedules in it are the functions' own: they come and go with every run,
# and no plan knows of them.
module "schedules" {
  source = "./modules/schedule_group"

  name                  = local.prefix
  function_arns         = [for job in local.jobs : "${local.function_arn_prefix}${job}"]
  undelivered_queue_arn = module.undelivered.arn
  account_id            = local.account_id
  permissions_boundary  = local.permissions_boundary
}
