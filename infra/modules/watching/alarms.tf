locals {
  # Beats are looked at five minutes at a time, so that a single one may be lost.
  beat_seconds = 60 * max(5, var.heartbeat_minutes)

  # Each is told of in the runbook, infra/README.md, under the name it has here.
  common_alarms = {
    heartbeat-missing = {
      means      = "No heartbeat for ten minutes or more: nothing mends the chain of triggers."
      namespace  = var.metrics_namespace
      metric     = "Heartbeat"
      dimensions = { job = "heartbeat" }
      statistic  = "Sum"
      when       = "LessThanThreshold"
      threshold  = 1
      period     = local.beat_seconds
      periods    = 2
      missing    = "breaching"
    }

    chain-broken = {
      means      = "There was a trigger to mend for a quarter of an hour on end: mending does not last."
      namespace  = var.metrics_namespace
      metric     = "Repairs"
      dimensions = { job = "heartbeat" }
      statistic  = "Sum"
      when       = "GreaterThanOrEqualToThreshold"
      threshold  = 1
      period     = local.beat_seconds
      periods    = 3
      missing    = "notBreaching"
    }

    undelivered = {
      means      = "EventBridge Scheduler gave up invoking a function."
      namespace  = "AWS/SQS"
      metric     = "ApproximateNumberOfMessagesVisible"
      dimensions = { QueueName = var.queues.undelivered }
      statistic  = "Maximum"
      when       = "GreaterThanOrEqualToThreshold"
      threshold  = 1
      period     = 300
      periods    = 1
      missing    = "ignore"
    }

    failed = {
      means      = "A function failed at an event every time it was tried."
      namespace  = "AWS/SQS"
      metric     = "ApproximateNumberOfMessagesVisible"
      dimensions = { QueueName = var.queues.failed }
      statistic  = "Maximum"
      when       = "GreaterThanOrEqualToThreshold"
      threshold  = 1
      period     = 300
      periods    = 1
      missing    = "ignore"
    }

    credits-low = {
      means      = "No look but a closing one can be paid: what is left is kept for these."
      namespace  = var.metrics_namespace
      metric     = "CreditsSpendable"
      dimensions = { job = "update-status", sport_key = var.sports[0] }
      statistic  = "Minimum"
      when       = "LessThanThreshold"
      threshold  = var.look_cost
      period     = 3600
      periods    = 1
      missing    = "ignore"
    }

    # Told by looks that met a refusal alone; far from any game two days may pass from one look to the next.
    keys-refused = {
      means      = "The feed refused a bookmaker or a market within two days: looks go on without it."
      namespace  = var.metrics_namespace
      metric     = "KeysRefused"
      dimensions = { job = "fetch-odds" }
      statistic  = "Maximum"
      when       = "GreaterThanOrEqualToThreshold"
      threshold  = 1
      period     = 3600
      periods    = 49
      any        = 1
      missing    = "notBreaching"
    }

    answer-lost = {
      means      = "The database did not take an answer that was paid for: the log keeps it."
      namespace  = var.metrics_namespace
      metric     = "AnswersLost"
      dimensions = {}
      statistic  = "Sum"
      when       = "GreaterThanOrEqualToThreshold"
      threshold  = 1
      period     = 3600
      periods    = 1
      missing    = "notBreaching"
    }
  }

  job_alarms = {
    for job in var.jobs : "errors-${job}" => {
      means      = "The function ${job} failed twice within a quarter of an hour."
      namespace  = "AWS/Lambda"
      metric     = "Errors"
      dimensions = { FunctionName = var.functions[job].name }
      statistic  = "Sum"
      when       = "GreaterThanOrEqualToThreshold"
      threshold  = 2
      period     = 900
      periods    = 1
      missing    = "notBreaching"
    }
  }

  # Who invokes these waits for the answer, so that a failure reaches no queue.
  invoked_alarms = {
    for name in ["migrate", "backtest"] : "errors-${name}" => {
      means      = "The function ${name} failed."
      namespace  = "AWS/Lambda"
      metric     = "Errors"
      dimensions = { FunctionName = var.functions[name].name }
      statistic  = "Sum"
      when       = "GreaterThanOrEqualToThreshold"
      threshold  = 1
      period     = 300
      periods    = 1
      missing    = "notBreaching"
    }
  }

  stale_alarms = {
    for sport in var.sports : "events-stale-${sport}" => {
      means      = "The list of games of ${sport} was not read for longer than it may go unread."
      namespace  = var.metrics_namespace
      metric     = "FetchSuccess"
      dimensions = { job = "update-status", sport_key = sport }
      statistic  = "Sum"
      when       = "LessThanThreshold"
      threshold  = 1
      period     = 3600
      periods    = var.longest_silence_hours + 1
      missing    = "breaching"
    }
  }

  close_alarms = {
    for sport in var.sports : "close-missed-${sport}" => {
      means      = "A game of ${sport} started without a look in the hour before."
      namespace  = var.metrics_namespace
      metric     = "MissedCloses"
      dimensions = { job = "update-status", sport_key = sport }
      statistic  = "Sum"
      when       = "GreaterThanOrEqualToThreshold"
      threshold  = 1
      period     = 3600
      periods    = 1
      missing    = "notBreaching"
    }
  }

  alarms = merge(local.common_alarms, local.job_alarms, local.invoked_alarms, local.stale_alarms, local.close_alarms)
}

resource "aws_cloudwatch_metric_alarm" "main" {
  for_each = local.alarms

  alarm_name          = "${var.prefix}-${each.key}"
  alarm_description   = "${each.value.means} What to do: infra/README.md, ${each.key}."
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  comparison_operator = each.value.when
  threshold           = each.value.threshold
  period              = each.value.period
  evaluation_periods  = each.value.periods
  datapoints_to_alarm = try(each.value.any, each.value.periods)
  treat_missing_data  = each.value.missing
  actions_enabled     = !var.is_quiet
  alarm_actions       = aws_sns_topic.alarms[*].arn
  ok_actions          = aws_sns_topic.alarms[*].arn
}
