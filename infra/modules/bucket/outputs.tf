output "name" {
  description = "The bucket's name."
  value       = aws_s3_bucket.main.id
}

output "arn" {
  description = "The bucket's ARN."
  value       = aws_s3_bucket.main.arn
}
