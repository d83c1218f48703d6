output "name" {
  description = "The function's name."
  value       = aws_lambda_function.main.function_name
}

output "arn" {
  description = "The function's ARN."
  value       = aws_lambda_function.main.arn
}

output "log_group_name" {
  description = "The name of its log group."
  value       = aws_cloudwatch_log_group.main.name
}

output "timeout_seconds" {
  description = "After which an invocation is killed."
  value       = aws_lambda_function.main.timeout
}
