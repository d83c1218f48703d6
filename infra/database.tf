# How the functions know that the database is the one that they are meant to connect to.

locals {
  has_root_cert = var.database_root_cert != null

  database_environment = merge(
    { DATABASE_ENVIRONMENT = { dev = "dev", prod = "production" }[var.environment] },
    local.has_root_cert ? { DATABASE_SSL_ROOT_CERT_PARAMETER = one(aws_ssm_parameter.database_root_cert).name } : {},
    var.database_tls == "verify-full" ? {} : { DATABASE_TLS = var.database_tls }
  )

  database_root_cert_arns = aws_ssm_parameter.database_root_cert[*].arn
}

resource "aws_ssm_parameter" "database_root_cert" {
  #checkov:skip=CKV_AWS_337:a certificate is public; it is encrypted as all is that the functions read there
  count = local.has_root_cert ? 1 : 0

  name        = "/${local.prefix}/database-root-cert"
  description = "The authority that signed the database's certificate."
  type        = "SecureString"
  tier        = length(file(var.database_root_cert)) > 4096 ? "Advanced" : "Standard"
  value       = file(var.database_root_cert)
}
