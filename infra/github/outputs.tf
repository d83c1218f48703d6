output "role_arns" {
  description = "Set these in GitHub: apply-ENVIRONMENT as APPLY_ROLE_ARN of the environment ENVIRONMENT, plan-ENVIRONMENT as PLAN_ROLE_ARN of plan-ENVIRONMENT."
  value       = { for key, role in aws_iam_role.main : key => role.arn }
}
