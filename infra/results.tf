module "results" {
  source = "./modules/bucket"

  name          = "${local.prefix}-results-${local.account_id}"
  is_disposable = var.environment == "dev"
}
