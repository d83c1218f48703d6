output "role_arns" {
  description = "Set these as the repository's variables PLAN_ROLE_ARN, and APPLY_ROLE_ARN of each environment."
  value       = { for key, role in aws_iam_role.main : key => role.arn }
}
