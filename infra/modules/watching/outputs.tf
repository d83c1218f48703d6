output "dashboard_name" {
  description = "The dashboard's name."
  value       = aws_cloudwatch_dashboard.main.dashboard_name
}

output "alarm_names" {
  description = "The alarms."
  value       = sort([for alarm in aws_cloudwatch_metric_alarm.main : alarm.alarm_name])
}
