variable "name" {
  description = "What every resource's name begins with, before the environment."
  type        = string
  default     = "linekeeper"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,19}$", var.name))
    error_message = "name must be 2 to 20 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "environment" {
  description = "Which deployment this is; part of every name, so that both fit into one account."
  type        = string

  validation {
    condition     = contains(["dev", "prod"], var.environment)
    error_message = "environment must be dev or prod."
  }
}

variable "region" {
  description = "The AWS region of everything."
  type        = string
  default     = "us-east-1"

  validation {
    condition     = can(regex("^[a-z]{2,}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be a region such as us-east-1."
  }
}

variable "aws_endpoint" {
  description = "Where an emulated AWS listens, for tests; null is the real one."
  type        = string
  default     = null

  validation {
    condition     = var.aws_endpoint == null || can(regex("^http://(127\\.0\\.0\\.1|localhost):[0-9]+$", var.aws_endpoint))
    error_message = "aws_endpoint must be http://127.0.0.1:PORT or null."
  }
}

variable "commit" {
  description = "The commit that is applied, which the state keeps so that no older one is planned over it from GitHub; null where it is applied by hand."
  type        = string
  default     = null

  validation {
    condition     = var.commit == null || can(regex("^[0-9a-f]{40}$", var.commit))
    error_message = "commit must be the 40 digits of a commit, or null."
  }
}

variable "architecture" {
  description = "The processors that the functions run on, for which the package was made."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture must be arm64 or x86_64."
  }
}

variable "package_folder" {
  description = "The folder that holds what `make package` made; null is dist/ of the checkout."
  type        = string
  default     = null
}

variable "log_level" {
  description = "The lowest level that is logged; above INFO the saved queries find less. An answer that was paid for and lost is an error, so errors are always logged."
  type        = string
  default     = "INFO"

  validation {
    condition     = contains(["DEBUG", "INFO", "WARNING", "ERROR"], var.log_level)
    error_message = "log_level must be DEBUG, INFO, WARNING or ERROR."
  }
}

variable "log_retention_days" {
  description = "How long logs are kept."
  type        = number
  default     = 30

  validation {
    condition     = contains([7, 14, 30, 60, 90, 180, 365, 400], var.log_retention_days)
    error_message = "log_retention_days must be 7, 14, 30, 60, 90, 180, 365 or 400."
  }
}

variable "alert_email" {
  description = "Who is written to when an alarm changes, you@example.com, or none. AWS asks the address to confirm first."
  type        = string

  validation {
    condition     = var.alert_email == "none" || can(regex("^[^@[:space:]]+@[^@[:space:]]+\\.[^@[:space:]]+$", var.alert_email))
    error_message = "alert_email must be an address such as you@example.com, or none: then nobody is told when it is ill."
  }
}

variable "paused" {
  description = "Whether the functions that collect do nothing and arm nothing, the heartbeat rests and alarms are quiet."
  type        = bool
  default     = false
}

variable "dry_run" {
  description = "Whether only what is free is asked of the feed."
  type        = bool
  default     = false
}
