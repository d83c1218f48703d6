locals {
  # One line of a graph for each sport: metric, job and statistic.
  graphs = {
    fetches    = { title = "Fetches and failures", lines = [for job in var.jobs : ["FetchSuccess", job, "Sum"]], failures = true }
    lateness   = { title = "Lateness of looks, seconds", lines = [["Lateness", "fetch-odds", "Maximum"]], failures = false }
    closes     = { title = "Closes captured, percent; closes missed", lines = [["ClosingCoverage", "update-status", "Average"], ["MissedCloses", "update-status", "Sum"]], failures = false }
    close_ages = { title = "Age of closes at the start, minutes", lines = [["CloseAgeMinutes", "update-status", "p50"], ["CloseAgeMinutes", "update-status", "Maximum"]], failures = false }
    quotes     = { title = "Quotes seen and stored", lines = [["QuotesSeen", "fetch-odds", "Sum"], ["QuotesStored", "fetch-odds", "Sum"]], failures = false }
    games      = { title = "Games in an answer", lines = [["Events", "fetch-odds", "Maximum"]], failures = false }
  }

  graph_metrics = {
    for key, graph in local.graphs : key => [
      for pair in setproduct(concat(graph.lines, graph.failures ? [for job in var.jobs : ["RunFailed", job, "Sum"]] : []), var.sports) :
      [var.metrics_namespace, pair[0][0], "job", pair[0][1], "sport_key", pair[1], { stat = pair[0][2] }]
    ]
  }

  # The account has one balance: it is told of the first sport alone.
  credit_metrics = [
    for metric, label in {
      CreditsLeft      = "left"
      CreditsSpendable = "left for looks other than closing ones"
      CreditsAtReset   = "left when they reset, at the pace of the month so far"
    } : [var.metrics_namespace, metric, "job", "update-status", "sport_key", var.sports[0], { label = label, stat = "Minimum" }]
  ]

  function_metrics = {
    for metric, statistic in { Errors = "Sum", Duration = "Maximum" } : metric => [
      for name, function in var.functions : ["AWS/Lambda", metric, "FunctionName", function.name, { stat = statistic, label = name }]
    ]
  }

  panels = concat(
    [for key in ["fetches", "lateness", "closes", "close_ages"] : { title = local.graphs[key].title, metrics = local.graph_metrics[key], lines = [] }],
    [{
      title   = "Credits, and where they are heading"
      metrics = local.credit_metrics
      lines   = []
    }],
    [for key in ["quotes", "games"] : { title = local.graphs[key].title, metrics = local.graph_metrics[key], lines = [] }],
    [
      {
        title = "Errors; bookmakers and markets that the feed refuses; answers that the database did not take"
        metrics = concat(local.function_metrics["Errors"], [
          [var.metrics_namespace, "KeysRefused", "job", "fetch-odds", { stat = "Maximum", label = "refused" }],
          [var.metrics_namespace, "AnswersLost", { stat = "Sum", label = "lost" }]
        ])
        lines = []
      },
      {
        title   = "Durations, milliseconds"
        metrics = local.function_metrics["Duration"]
        lines   = [{ label = "a job is killed", value = 1000 * var.functions[var.jobs[0]].timeout_seconds }]
      },
      {
        title = "Heartbeats, and what they mended"
        metrics = [
          for metric in ["Heartbeat", "Repairs"] : [var.metrics_namespace, metric, "job", "heartbeat", { stat = "Sum" }]
        ]
        lines = []
      },
      {
        title = "Events that wait to be looked at"
        metrics = [
          for label, queue in var.queues : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue, { stat = "Maximum", label = label }]
        ]
        lines = []
      },
    ]
  )

  graph_width  = 12
  graph_height = 6

  graph_widgets = [
    for number, panel in local.panels : {
      type   = "metric"
      x      = local.graph_width * (number % 2)
      y      = 3 + local.graph_height * floor(number / 2)
      width  = local.graph_width
      height = local.graph_height
      properties = {
        title       = panel.title
        region      = var.region
        view        = "timeSeries"
        stacked     = false
        period      = 3600
        metrics     = panel.metrics
        annotations = { horizontal = panel.lines }
      }
    }
  ]

  widgets = concat(
    [{
      type   = "alarm"
      x      = 0
      y      = 0
      width  = 24
      height = 3
      properties = {
        title  = "Alarms: what each means is in infra/README.md"
        alarms = [for key in sort(keys(local.alarms)) : aws_cloudwatch_metric_alarm.main[key].arn]
      }
    }],
    local.graph_widgets,
    [{
      type   = "log"
      x      = 0
      y      = 3 + local.graph_height * ceil(length(local.panels) / 2)
      width  = 24
      height = local.graph_height
      properties = {
        title  = "What failed, and why"
        region = var.region
        view   = "table"
        query  = "${join(" | ", [for name in local.log_group_names : "SOURCE '${name}'"])} | ${trimspace(local.queries["what-failed"])}"
      }
    }]
  )
}

resource "aws_cloudwatch_dashboard" "main" {
  dashboard_name = var.prefix
  dashboard_body = jsonencode({ start = "-P7D", widgets = local.widgets })
}
