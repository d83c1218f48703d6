# Whom the roles trust: one repository, by either form in which GitHub's tokens name it.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
}

variables {
  state_bucket          = "states-of-someone"
  has_identity_provider = true
}

run "a_repository_with_ids" {
  command = plan

  variables {
    repository = "someone@1234/linekeeper@567890"
  }

  assert {
    condition = {
      for key, role in aws_iam_role.main :
      key => jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"]
      } == {
      plan-dev   = "repo:someone@1234/linekeeper@567890:environment:plan-dev"
      plan-prod  = "repo:someone@1234/linekeeper@567890:environment:plan-prod"
      apply-dev  = "repo:someone@1234/linekeeper@567890:environment:dev"
      apply-prod = "repo:someone@1234/linekeeper@567890:environment:prod"
    }
    error_message = "Each role trusts one environment of the repository with these ids."
  }
}

run "another_branch" {
  command = plan

  variables {
    repository = "someone/linekeeper"
    branch     = "release"
  }

  assert {
    condition = toset([
      for role in aws_iam_role.main :
      jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:ref"]
    ]) == toset(["refs/heads/release"])
    error_message = "Every role trusts the one branch alone, whatever the environments allow."
  }
}

run "a_repository_without" {
  command = plan

  variables {
    repository = "someone/linekeeper"
  }

  assert {
    condition     = local.subjects["apply-prod"] == "repo:someone/linekeeper:environment:prod"
    error_message = "An older repository is named by its name alone."
  }
}

run "half_a_name" {
  command = plan

  variables {
    repository = "someone@1234/linekeeper"
  }

  expect_failures = [var.repository]
}
