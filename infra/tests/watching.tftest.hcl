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

run "when_credits_are_low" {
  command = plan

  module {
    source = "./modules/watching"
  }

  assert {
    condition = {
      for key in ["metric_name", "comparison_operator", "threshold"] : key => tostring(aws_cloudwatch_metric_alarm.main["credits-low"][key])
    } == { metric_name = "CreditsSpendable", comparison_operator = "LessThanThreshold", threshold = "3" }
    error_message = "A look of 3 credits is not made any more from when 2 may be spent, whatever size the plan has."
  }
}

run "of_two_sports" {
  module {
    source = "./modules/watching"
  }

  assert {
    condition     = length(flatten([for widget in jsondecode(aws_cloudwatch_dashboard.main.dashboard_body).widgets : [for metric in try(widget.properties.metrics, []) : metric[1]]])) == 49
    error_message = "The dashboard shows 49 metrics: AWS takes nothing for one of up to 50, as infra/README.md counts on."
  }
}
