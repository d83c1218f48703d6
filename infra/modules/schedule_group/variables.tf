variable "name" {
  description = "The name of the group, and of the role that its schedules take."
  type        = string

  validation {
    condition     = can(regex("^[0-9a-zA-Z_.-]{1,64}$", var.name))
    error_message = "name must be 1 to 64 letters, digits and _ . -."
  }
}

variable "function_arns" {
  description = "The functions that its schedules may invoke."
  type        = list(string)
}

variable "undelivered_queue_arn" {
  description = "The queue that gets what could not be delivered."
  type        = string
}

variable "account_id" {
  description = "The account that the schedules belong to."
  type        = string
}

variable "permissions_boundary" {
  description = "The ARN of a policy that its role is made within; null is none."
  type        = string
  default     = null
}
