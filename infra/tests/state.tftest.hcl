# A state holds one deployment: the choices of another are refused before anything of it is touched, and so is an empty
# state where there is a deployment already.

mock_provider "aws" {
  source = "./tests/aws"
}

variables {
  odds_api_key        = "a-key"
  database_url        = "postgresql://owner:password@host/database"
  discord_webhook_url = "https://discord.com/api/webhooks/1/token"
  alert_email         = "none"
}

run "an_empty_state_over_a_deployment" {
  command = plan

  variables {
    environment = "dev"
  }

  override_data {
    target = data.aws_lambda_functions.here
    values = { function_names = ["another-dev-migrate", "linekeeper-dev-migrate"] }
  }

  expect_failures = [terraform_data.deployment]
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

  override_data {
    target = data.aws_lambda_functions.here
    values = { function_names = ["linekeeper-dev-migrate"] }
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
