# A state holds one deployment: the choices of another are refused before anything of it is touched.

mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "123456789012" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:us-east-1:123456789012:queue" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/role" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:us-east-1:123456789012:function:function" }
  }
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:us-east-1:123456789012:log-group:group" }
  }
  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:us-east-1:123456789012:topic" }
  }
  mock_resource "aws_s3_bucket" {
    defaults = { arn = "arn:aws:s3:::bucket" }
  }
}

variables {
  odds_api_key        = "a-key"
  database_url        = "postgresql://owner:password@host/database"
  discord_webhook_url = "https://discord.com/api/webhooks/1/token"
  alert_email         = "none"
}

run "the_first_apply" {
  variables {
    environment = "dev"
  }
}

run "the_same_again" {
  command = plan

  variables {
    environment = "dev"
  }
}

run "another_environment" {
  command = plan

  variables {
    environment = "prod"
  }

  expect_failures = [terraform_data.deployment]
}

run "another_name" {
  command = plan

  variables {
    environment = "dev"
    name        = "another"
  }

  expect_failures = [terraform_data.deployment]
}
