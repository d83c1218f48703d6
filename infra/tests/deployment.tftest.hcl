# The whole deployment: what is derived from what, and what a pause changes.

mock_provider "aws" {
  source = "./tests/aws"
}

variables {
  environment         = "prod"
  odds_api_key        = "a-key"
  database_url        = "postgresql://owner:password@host/database"
  discord_webhook_url = "https://discord.com/api/webhooks/1/token"
  alert_email         = "you@example.com"
}

run "by_default" {
  assert {
    condition     = output.schedule_group == "linekeeper-prod" && output.functions["fetch-odds"] == "linekeeper-prod-fetch-odds"
    error_message = "Every name begins with the project's and the environment's."
  }

  assert {
    condition     = module.fetch_odds.timeout_seconds < 60 * var.timing.minimum_gap_minutes
    error_message = "A run that is killed must be over before the next may begin."
  }

  assert {
    condition     = module.heartbeat.timeout_seconds < 60 * var.timing.heartbeat_minutes
    error_message = "A beat must be over before the next."
  }

  assert {
    condition     = output.functions["backtest"] == "linekeeper-prod-backtest" && module.backtest.timeout_seconds == 900
    error_message = "A backtest may take as long as Lambda lets any function run."
  }

  assert {
    condition     = aws_scheduler_schedule.heartbeat.schedule_expression == "rate(1 minute)" && aws_scheduler_schedule.heartbeat.state == "ENABLED"
    error_message = "The heartbeat beats."
  }

  assert {
    condition     = aws_scheduler_schedule.heartbeat.group_name != output.schedule_group
    error_message = "The group of the jobs' schedules holds these alone."
  }

  assert {
    condition     = length(module.watching.alarm_names) == 14
    error_message = "The runbook counts the alarms of one sport, for what they cost."
  }
}

run "at_other_intervals" {
  variables {
    timing = { minimum_gap_minutes = 1, heartbeat_minutes = 5 }
  }

  assert {
    condition     = module.fetch_odds.timeout_seconds == 30 && module.heartbeat.timeout_seconds == 60
    error_message = "Timeouts follow from what they must not outlast."
  }

  assert {
    condition     = aws_scheduler_schedule.heartbeat.schedule_expression == "rate(5 minutes)"
    error_message = "AWS knows one minute in the singular alone."
  }
}

run "paused" {
  variables {
    paused = true
  }

  assert {
    condition     = aws_scheduler_schedule.heartbeat.state == "DISABLED"
    error_message = "In a pause the heartbeat rests."
  }

  assert {
    condition     = local.collecting_environment.AWS_PAUSED == "true"
    error_message = "In a pause every function that collects is told of it."
  }
}

run "with_a_private_authority" {
  variables {
    database_root_cert = "tests/authority.pem"
    database_tls       = "verify-ca"
  }

  assert {
    condition     = aws_ssm_parameter.database_root_cert[0].tier == "Standard"
    error_message = "A certificate of up to 4 KB costs nothing."
  }

  assert {
    condition = alltrue([
      for environment in [local.collecting_environment, local.database_environment] :
      environment.DATABASE_SSL_ROOT_CERT_PARAMETER == "/linekeeper-prod/database-root-cert" && environment.DATABASE_TLS == "verify-ca"
    ])
    error_message = "Every function is told whom to trust, and how."
  }
}

run "two_sports" {
  variables {
    sports = ["basketball_nba", "icehockey_nhl"]
  }

  assert {
    condition     = contains(module.watching.alarm_names, "linekeeper-prod-close-missed-icehockey_nhl")
    error_message = "Each sport has alarms of its own."
  }
}
