variable "name" {
  description = "The parameter's name."
  type        = string
}

variable "description" {
  description = "What the parameter holds, and who writes it."
  type        = string
}

variable "value" {
  description = "What is written when the parameter is made and whenever write_version rises; null where something else writes it."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "write_version" {
  description = "The value is written again when this rises."
  type        = number
  default     = 1
}
