# What the alarms look at, for one deployment of an account that may hold another.

mock_provider "aws" {
  mock_resource "aws_cloudwatch_metric_alarm" {
    defaults = { arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:alarm" }
  }
}

variables {
  prefix            = "linekeeper-dev"
  metrics_namespace = "linekeeper-dev"
  region            = "us-east-1"
  account_id        = "123456789012"
  sports            = ["basketball_nba", "icehockey_nhl"]
  functions = {
    for name in ["fetch-odds", "fetch-scores", "update-status", "heartbeat", "migrate", "backtest"] :
    name => { name = "linekeeper-dev-${name}", log_group_name = "/aws/lambda/linekeeper-dev-${name}", timeout_seconds = 120 }
  }
  jobs                  = ["fetch-odds", "fetch-scores", "update-status"]
  queues                = { undelivered = "linekeeper-dev-undelivered", failed = "linekeeper-dev-failed" }
  credits               = { quota = 500, reserve = 0.1 }
  look_cost             = 3
  heartbeat_minutes     = 1
  longest_silence_hours = 6
  alert_email           = null
  is_quiet              = false
}

run "in_an_account_that_holds_another_deployment" {
  module {
    source = "./modules/watching"
  }

  assert {
    condition = length(flatten([
      for alarm in aws_cloudwatch_metric_alarm.main : [
        for named in concat([alarm.namespace], values(alarm.dimensions)) : named if startswith(named, "linekeeper-dev")
      ]
    ])) == length(aws_cloudwatch_metric_alarm.main)
    error_message = "Every alarm looks at what this deployment alone tells."
  }
}

run "with_an_odd_number_of_credits" {
  command = plan

  module {
    source = "./modules/watching"
  }

  variables {
    credits = { quota = 505, reserve = 0.1 }
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.main["credits-low"].threshold == 51 + 3 - 1
    error_message = "51 are kept, as the planner rounds it; with 53 left a look of 3 credits is not made any more."
  }

  assert {
    condition     = strcontains(aws_cloudwatch_dashboard.main.dashboard_body, "\"label\":\"kept for closing looks\",\"value\":51")
    error_message = "The dashboard draws the line where the planner does."
  }
}
