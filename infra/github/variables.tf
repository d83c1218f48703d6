variable "name" {
  description = "What the deployment's names begin with, as in the root above."
  type        = string
  default     = "linekeeper"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,19}$", var.name))
    error_message = "name must be 2 to 20 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "region" {
  description = "The region of the deployments."
  type        = string
  default     = "us-east-1"

  validation {
    condition     = can(regex("^[a-z]{2,}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region must be a region such as us-east-1."
  }
}

variable "repository" {
  description = "The GitHub repository whose workflow deploys, as its tokens name it: OWNER@ID/NAME@ID, or OWNER/NAME where it is older than the ids in them."
  type        = string

  validation {
    condition     = can(regex("^([A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+|[A-Za-z0-9_.-]+@[0-9]+/[A-Za-z0-9_.-]+@[0-9]+)$", var.repository))
    error_message = "repository must be OWNER@ID/NAME@ID or OWNER/NAME."
  }
}

variable "branch" {
  description = "The one branch that is planned and deployed."
  type        = string
  default     = "main"
}

variable "has_identity_provider" {
  description = "Whether the account already has GitHub's identity provider; an account holds one at most, and it is then left as it is."
  type        = bool
  default     = false
}

variable "state_bucket" {
  description = "The bucket that holds Terraform's states."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.state_bucket))
    error_message = "state_bucket must be the name of a bucket."
  }
}
