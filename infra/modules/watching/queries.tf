locals {
  log_group_names = sort([for function in var.functions : function.log_group_name])

  queries = {
    what-ran = <<-EOT
      fields @timestamp, job, sport_key, outcome, reason, next_run_at, next_run_reason
      | filter event in ["run.finished", "run.left"]
      | sort @timestamp desc
      | limit 200
    EOT

    what-failed = <<-EOT
      fields @timestamp, job, sport_key, event, reason, @message, @log
      | filter level in ["error", "critical"] or event = "feed.keys_refused" or @message like /Task timed out|Runtime exited|\[ERROR\]/
      | sort @timestamp desc
      | limit 200
    EOT

    slow-runs = <<-EOT
      filter @type = "REPORT"
      | stats count() as invocations, pct(@duration, 50) as median_ms, pct(@duration, 95) as p95_ms,
          max(@duration) as longest_ms, max(@initDuration) as longest_start_ms,
          max(@maxMemoryUsed / 1000000) as most_memory_mb by @log
      | sort longest_ms desc
    EOT

    credits-by-day = <<-EOT
      filter ispresent(credits_charged) or ispresent(CreditsLeft)
      | stats sum(credits_charged) as spent, min(CreditsLeft) as least_left by bin(1d) as day
      | sort day desc
    EOT

    history-of-a-game = <<-EOT
      fields @timestamp, event, job, sport_key, @message
      | filter event in ["events.listed", "odds.stored", "scores.stored"]
      | filter @message like "THE-ID-OF-THE-EVENT"
      | sort @timestamp asc
      | limit 1000
    EOT
  }
}

resource "aws_cloudwatch_query_definition" "main" {
  for_each = local.queries

  name            = "${var.prefix}/${each.key}"
  query_string    = trimspace(each.value)
  log_group_names = local.log_group_names
}
