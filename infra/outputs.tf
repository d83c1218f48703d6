output "functions" {
  description = "The functions by their short names."
  value       = { for name, function in local.functions : name => function.name }
}

output "commit" {
  description = "The commit that was applied from GitHub; none where it was applied by hand."
  value       = var.commit
}

output "schedule_group" {
  description = "The group of the schedules that the functions arm."
  value       = module.schedules.name
}

output "queues" {
  description = "Where undelivered and failed events wait to be looked at."
  value       = { undelivered = module.undelivered.url, failed = module.failed.url }
}

output "results_bucket" {
  description = "Where backtests keep their results."
  value       = module.results.name
}

output "dashboard" {
  description = "Where to look first."
  value       = "https://${var.region}.console.aws.amazon.com/cloudwatch/home?region=${var.region}#dashboards/dashboard/${module.watching.dashboard_name}"
}

output "smoke_settings" {
  description = "What `odds smoke` reads: env $(terraform output -raw smoke_settings) odds smoke."
  value = join("\n", [
    for name in ["AWS_LAMBDA_ARN", "AWS_SCHEDULER_ROLE_ARN", "AWS_SCHEDULER_GROUP", "AWS_DEAD_LETTER_ARN", "SPORTS"] :
    "${name}=${local.collecting_environment[name]}"
  ])
}

output "next_step" {
  description = "What to do after the first apply."
  value       = <<-EOT
    Make the schema and the database roles (again after every release that brings a migration):
      aws lambda invoke --region ${var.region} --function-name ${module.migrate.name} --cli-read-timeout 0 /dev/stdout
    Within ${var.timing.heartbeat_minutes} min the heartbeat arms every job. The rest is in infra/README.md.
  EOT
}
