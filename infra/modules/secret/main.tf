locals {
  not_written = "not written yet"
}

resource "aws_ssm_parameter" "main" {
  #checkov:skip=CKV_AWS_337:the account's own key for SSM encrypts it; another costs a dollar a month and is read by the same roles
  name             = var.name
  description      = var.description
  type             = "SecureString"
  value_wo         = coalesce(var.value, local.not_written)
  value_wo_version = var.write_version

  # The provider changes a description by writing the parameter again, without its value where no version changes.
  lifecycle {
    ignore_changes = [description]
  }
}
