# Who may do what from GitHub: no key is kept there. A job proves by a token which repository, branch and environment it
# runs for, and takes the one role that trusts exactly that.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  issuer       = "token.actions.githubusercontent.com"
  environments = ["dev", "prod"]

  identity_provider = coalesce(
    one(aws_iam_openid_connect_provider.github[*].arn),
    "arn:${local.partition}:iam::${local.account}:oidc-provider/${local.issuer}"
  )

  # A plan runs unasked, in an environment of its own; an environment's approval stands before its apply role.
  subjects = merge(
    { for environment in local.environments : "plan-${environment}" => "repo:${var.repository}:environment:plan-${environment}" },
    { for environment in local.environments : "apply-${environment}" => "repo:${var.repository}:environment:${environment}" }
  )

  policies = merge(
    {
      for environment in local.environments : "plan-${environment}" => concat(
        [local.list_statement, local.state_list_statement, local.state_read_statements[environment]],
        local.read_statements[environment]
      )
    },
    {
      for environment in local.environments : "apply-${environment}" => concat(
        [local.list_statement, local.state_list_statement, local.state_change_statements[environment]],
        local.read_statements[environment], local.change_statements[environment]
      )
    }
  )
}

resource "aws_iam_openid_connect_provider" "github" {
  count = var.has_identity_provider ? 0 : 1

  url            = "https://${local.issuer}"
  client_id_list = ["sts.amazonaws.com"]
}

resource "aws_iam_role" "main" {
  for_each = local.subjects

  name                 = "${var.name}-github-${each.key}"
  max_session_duration = 3600

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = local.identity_provider }
      Condition = {
        StringEquals = {
          "${local.issuer}:aud" = "sts.amazonaws.com"
          "${local.issuer}:ref" = "refs/heads/${var.branch}"
          "${local.issuer}:sub" = each.value
        }
      }
    }]
  })
}

resource "aws_iam_role_policy" "main" {
  for_each = local.policies

  name   = "what-it-does"
  role   = aws_iam_role.main[each.key].name
  policy = jsonencode({ Version = "2012-10-17", Statement = each.value })
}
