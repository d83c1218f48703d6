# A state holds one deployment: the choices of another are refused before anything of it is touched.

mock_provider "aws" {
  source = "./tests/aws"
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
