variable "name" {
  description = "The parameter's name."
  type        = string
}

variable "description" {
  description = "What the parameter holds, and who writes it."
  type        = string
}

variable "value" {
  description = "What is written when the parameter is made and whenever write_version changes, up or down; null where something else writes it."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "write_version" {
  description = "The value is written again when this changes, up or down."
  type        = number
  default     = 1
}
