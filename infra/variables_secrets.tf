# Each is given at every plan and apply, so that none can be missing when it is written; what is written, and when,
# secrets_version says. They go to SSM, never to a state or a saved plan.

variable "odds_api_key" {
  description = "The key of your account at The Odds API; give it as TF_VAR_odds_api_key."
  type        = string
  sensitive   = true
  ephemeral   = true

  validation {
    condition     = can(regex("^[!-~]+$", var.odds_api_key))
    error_message = "odds_api_key must be the key of your account at The Odds API, given as TF_VAR_odds_api_key."
  }
}

variable "database_url" {
  description = "The URL of the schema's owner, postgresql://user:password@host/database; give it as TF_VAR_database_url."
  type        = string
  sensitive   = true
  ephemeral   = true

  validation {
    condition     = can(regex("^postgres(ql)?(\\+asyncpg)?://[^[:space:]]+$", var.database_url))
    error_message = "database_url must be postgresql://user:password@host/database, given as TF_VAR_database_url."
  }
}

variable "discord_webhook_url" {
  description = "Where alerts go when discord_alerts is true, https://discord.com/api/webhooks/ID/TOKEN."
  type        = string
  default     = null
  sensitive   = true
  ephemeral   = true

  validation {
    condition = !var.discord_alerts || can(
      regex("^https://discord(app)?\\.com/api/webhooks/[0-9]+/[A-Za-z0-9_-]+$", var.discord_webhook_url)
    )
    error_message = "discord_webhook_url must be https://discord.com/api/webhooks/ID/TOKEN where discord_alerts is true, given as TF_VAR_discord_webhook_url."
  }
}

variable "discord_alerts" {
  description = "Whether the functions tell Discord of trouble."
  type        = bool
  default     = false
}

variable "secrets_version" {
  description = "Change a secret's version to have what is given of it written again; otherwise it is written once, when its parameter is made. Keep it in environments/*.tfvars: an apply that has another number, an older one too, writes what it was given."
  type = object({
    odds_api_key        = optional(number, 1)
    database_url        = optional(number, 1)
    discord_webhook_url = optional(number, 1)
  })
  default = {}

  validation {
    condition     = alltrue([for version in values(var.secrets_version) : version >= 1 && floor(version) == version])
    error_message = "secrets_version must hold whole numbers, 1 or more."
  }
}
