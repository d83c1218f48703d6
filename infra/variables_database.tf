variable "database_root_cert" {
  description = "The file with the certificate of the authority that signed the database's, in PEM form; null trusts the public authorities."
  type        = string
  default     = null

  validation {
    condition     = var.database_root_cert == null || can(regex("-----BEGIN CERTIFICATE-----", file(var.database_root_cert)))
    error_message = "database_root_cert must be the path of a PEM file, or null."
  }

  validation {
    condition     = var.database_root_cert == null || try(length(file(var.database_root_cert)), 0) <= 8192
    error_message = "database_root_cert must be a file of 8,192 characters at most, which is what a parameter holds: of RDS the bundle of one region."
  }
}

variable "database_tls" {
  description = "verify-full: the database proves that it has the name in its URL; verify-ca: that the authority of database_root_cert signed for it."
  type        = string
  default     = "verify-full"

  validation {
    condition     = contains(["verify-full", "verify-ca"], var.database_tls)
    error_message = "database_tls must be verify-full or verify-ca."
  }

  validation {
    condition     = var.database_tls != "verify-ca" || var.database_root_cert != null
    error_message = "database_tls must be verify-full where there is no database_root_cert: a public authority signs for others too."
  }
}
