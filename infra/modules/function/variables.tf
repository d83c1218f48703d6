variable "name" {
  description = "The function's name; its role has the same, its log group has it under /aws/lambda/."
  type        = string

  validation {
    condition     = can(regex("^[a-zA-Z0-9-]{1,64}$", var.name))
    error_message = "name must be 1 to 64 letters, digits and hyphens."
  }
}

variable "handler" {
  description = "The Python function that Lambda calls, as package.module.function."
  type        = string
}

variable "package" {
  description = "The path of the zip with the code."
  type        = string
}

variable "architecture" {
  description = "arm64 or x86_64, as the package."
  type        = string
}

variable "memory_megabytes" {
  description = "Memory, and with it the share of a processor: 1,769 MB are a whole one."
  type        = number

  validation {
    condition     = var.memory_megabytes >= 256 && var.memory_megabytes <= 3008
    error_message = "memory_megabytes must be 256 to 3008, the most that a new account may have."
  }
}

variable "timeout_seconds" {
  description = "After which an invocation is killed."
  type        = number

  validation {
    condition     = var.timeout_seconds >= 20 && var.timeout_seconds <= 900
    error_message = "timeout_seconds must be 20 to 900."
  }
}

variable "retries" {
  description = "How often Lambda tries an event again that failed, a minute and three minutes later."
  type        = number
  default     = 2

  validation {
    condition     = contains([0, 1, 2], var.retries)
    error_message = "retries must be 0, 1 or 2."
  }
}

variable "event_age_seconds" {
  description = "After which Lambda gives an event up."
  type        = number
  default     = 3600

  validation {
    condition     = var.event_age_seconds >= 60 && var.event_age_seconds <= 21600
    error_message = "event_age_seconds must be 60 to 21600."
  }
}

variable "failures_queue_arn" {
  description = "The queue that gets the events that were given up; null where the next event makes up for one."
  type        = string
  default     = null
}

variable "environment" {
  description = "Environment variables; secrets by the names of their parameters alone."
  type        = map(string)
}

variable "log_retention_days" {
  description = "How long the log is kept."
  type        = number
}

variable "statements" {
  description = "What the function may do besides writing its log and handing in its failures."
  type = list(object({
    Sid       = string
    Effect    = optional(string, "Allow")
    Action    = list(string)
    Resource  = list(string)
    Condition = optional(map(map(string)))
  }))
}

variable "permissions_boundary" {
  description = "The ARN of a policy that its role is made within; null is none."
  type        = string
  default     = null
}
