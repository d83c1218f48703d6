locals {
  # Each function is a role of its own in Postgres; an analyst is a person who reads.
  database_roles = ["analyst", "backtest", "collector", "monitor", "scores", "status"]
}

module "odds_api_key" {
  source = "./modules/secret"

  name          = "/${local.prefix}/odds-api-key"
  description   = "The key of the account at The Odds API; written by whoever applies."
  value         = var.odds_api_key
  write_version = var.secrets_version.odds_api_key
}

module "owner_url" {
  source = "./modules/secret"

  name          = "/${local.prefix}/database-url/migrator"
  description   = "The URL of the schema's owner; written by whoever applies, read by the function migrate alone."
  value         = var.database_url
  write_version = var.secrets_version.database_url
}

module "discord_webhook_url" {
  source = "./modules/secret"
  count  = var.discord_alerts ? 1 : 0

  name          = "/${local.prefix}/discord-webhook-url"
  description   = "Where alerts go; written by whoever applies."
  value         = var.discord_webhook_url
  write_version = var.secrets_version.discord_webhook_url
}

module "role_url" {
  source   = "./modules/secret"
  for_each = toset(local.database_roles)

  name        = "/${local.prefix}/database-url/${each.key}"
  description = "The URL of the database role ${each.key}; written by the function migrate, which makes its password."
  value       = null
}
