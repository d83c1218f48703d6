resource "aws_sns_topic" "alarms" {
  #checkov:skip=CKV_AWS_26:alarms cannot publish to a topic that AWS's own key encrypts; what they say is no secret
  count = var.alert_email == null ? 0 : 1
  name  = "${var.prefix}-alarms"
}

resource "aws_sns_topic_policy" "alarms" {
  count = length(aws_sns_topic.alarms)
  arn   = aws_sns_topic.alarms[count.index].arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AlarmsOfThisAccount"
      Effect    = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.alarms[count.index].arn
      Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
    }]
  })
}

resource "aws_sns_topic_subscription" "mail" {
  count     = length(aws_sns_topic.alarms)
  topic_arn = aws_sns_topic.alarms[count.index].arn
  protocol  = "email"
  endpoint  = var.alert_email
}
