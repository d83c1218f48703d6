resource "aws_sqs_queue" "main" {
  name                      = var.name
  message_retention_seconds = 14 * 24 * 3600
  sqs_managed_sse_enabled   = true
}
