output "arn" {
  description = "The parameter's ARN."
  value       = aws_ssm_parameter.main.arn
}

output "name" {
  description = "The parameter's name."
  value       = aws_ssm_parameter.main.name
}
