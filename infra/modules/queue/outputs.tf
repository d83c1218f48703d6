output "arn" {
  description = "The queue's ARN."
  value       = aws_sqs_queue.main.arn
}

output "name" {
  description = "The queue's name."
  value       = aws_sqs_queue.main.name
}

output "url" {
  description = "Where its messages are read."
  value       = aws_sqs_queue.main.url
}
