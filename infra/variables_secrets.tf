variable "odds_api_key" {
  description = "The key of your account at The Odds API. Written to SSM, never to the state; give it as TF_VAR_odds_api_key."
  type        = string
  default     = null
  sensitive   = true
  ephemeral   = true
}

variable "database_url" {
  description = "The URL of the schema's owner, postgresql://user:password@host/database. Written to SSM, never to the state."
  type        = string
  default     = null
  sensitive   = true
  ephemeral   = true
}

variable "discord_webhook_url" {
  description = "Where alerts go when discord_alerts is true, https://discord.com/api/webhooks/ID/TOKEN. Written to SSM, never to the state."
  type        = string
  default     = null
  sensitive   = true
  ephemeral   = true
}

variable "discord_alerts" {
  description = "Whether the functions tell Discord of trouble."
  type        = bool
  default     = false
}

variable "secrets_version" {
  description = "Raise it to have the secrets that are given written again; otherwise they are written once, when their parameter is made."
  type        = number
  default     = 1

  validation {
    condition     = var.secrets_version >= 1 && floor(var.secrets_version) == var.secrets_version
    error_message = "secrets_version must be a whole number, 1 or more."
  }
}
