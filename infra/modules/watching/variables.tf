variable "prefix" {
  description = "What every name begins with."
  type        = string
}

variable "metrics_namespace" {
  description = "Where the functions of this deployment, and of no other, tell their metrics."
  type        = string
}

variable "region" {
  description = "The region of the metrics."
  type        = string
}

variable "account_id" {
  description = "The account whose alarms may publish."
  type        = string
}

variable "sports" {
  description = "The sports that are collected: the values of the dimension sport_key."
  type        = list(string)
}

variable "functions" {
  description = "The functions by their short names, which are the values of the dimension job."
  type        = map(object({ name = string, log_group_name = string, timeout_seconds = number }))
}

variable "jobs" {
  description = "The short names of the functions that run a job of a sport."
  type        = list(string)
}

variable "queues" {
  description = "The names of the queues that should be empty."
  type        = object({ undelivered = string, failed = string })
}

variable "look_cost" {
  description = "The credits that one look takes."
  type        = number
}

variable "heartbeat_minutes" {
  description = "How often the heartbeat beats."
  type        = number
}

variable "longest_silence_hours" {
  description = "How long the list of games of a sport may go unread."
  type        = number
}

variable "alert_email" {
  description = "Who is written to when an alarm changes; null is nobody."
  type        = string
}

variable "is_quiet" {
  description = "Whether alarms change without telling anybody."
  type        = bool
}
