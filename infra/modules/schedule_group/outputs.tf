output "name" {
  description = "The group's name."
  value       = aws_scheduler_schedule_group.main.name
}

output "role_arn" {
  description = "The role that its schedules take."
  value       = aws_iam_role.invoke.arn
}
