# What a variable does not accept is refused before anything is planned; each run has a wrong value of many.

mock_provider "aws" {}

variables {
  environment  = "dev"
  odds_api_key = "a-key"
  database_url = "postgresql://owner:password@host/database"
  alert_email  = "none"
}

run "the_first_wrong_value_of_each" {
  command = plan

  variables {
    name               = "Linekeeper"
    environment        = "staging"
    region             = "here"
    aws_endpoint       = "https://example.com"
    commit             = "main"
    architecture       = "riscv"
    log_level          = "LOUD"
    log_retention_days = 31
    alert_email        = "nobody"
    sports             = []
    scope              = { markets = [] }
    credits            = { quota = 0 }
    timing             = { minimum_gap_minutes = 5 }
    secrets_version    = { odds_api_key = 0 }
    odds_api_key       = ""
    database_url       = "host"
    discord_alerts     = true
    database_root_cert = "no/such/file.pem"
  }

  expect_failures = [
    var.name, var.environment, var.region, var.aws_endpoint, var.commit, var.architecture, var.log_level, var.log_retention_days, var.alert_email, var.sports, var.scope, var.credits, var.timing, var.secrets_version, var.odds_api_key, var.database_url, var.discord_webhook_url, var.database_root_cert,
  ]
}

run "the_second" {
  command = plan

  variables {
    sports          = ["basketball_nba", "basketball_nba"]
    scope           = { regions = ["us"] }
    credits         = { reserve = 1 }
    timing          = { closing_lead_minutes = 61 }
    secrets_version = { database_url = 1.5 }
    database_tls    = "verify-ca"
    log_level       = "CRITICAL"
  }

  expect_failures = [
    var.sports, var.scope, var.credits, var.timing, var.secrets_version, var.database_tls, var.log_level,
  ]
}

run "the_third" {
  command = plan

  variables {
    sports  = ["NBA"]
    scope   = { bookmakers = [] }
    credits = { quota = 0.5 }
    timing  = { fallback_minutes = 2 }

    database_root_cert = "versions.tf"
  }

  expect_failures = [
    var.sports, var.scope, var.credits, var.timing, var.database_root_cert,
  ]
}

run "the_fourth" {
  command = plan

  variables {
    scope  = { bookmakers = ["Pinnacle Sports"] }
    timing = { heartbeat_minutes = 0.5 }
  }

  expect_failures = [
    var.scope, var.timing,
  ]
}

run "the_fifth" {
  command = plan

  variables {
    timing       = { status_interval_hours = 48 }
    database_tls = "require"
  }

  expect_failures = [
    var.timing, var.database_tls,
  ]
}

run "the_sixth" {
  command = plan

  variables {
    timing = { longest_sleep_hours = 25 }
  }

  expect_failures = [
    var.timing,
  ]
}
