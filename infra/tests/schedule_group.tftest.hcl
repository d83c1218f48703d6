# The role that schedules take: for one group of one account, and for nothing but its functions and its queue.

mock_provider "aws" {
  mock_resource "aws_scheduler_schedule_group" {
    defaults = { arn = "arn:aws:scheduler:us-east-1:123456789012:schedule-group/trial" }
  }
}

variables {
  name                  = "trial"
  function_arns         = ["arn:aws:lambda:us-east-1:123456789012:function:trial"]
  undelivered_queue_arn = "arn:aws:sqs:us-east-1:123456789012:undelivered"
  account_id            = "123456789012"
}

run "a_group" {
  module {
    source = "./modules/schedule_group"
  }

  assert {
    condition = jsondecode(aws_iam_role.invoke.assume_role_policy).Statement[0].Condition.StringEquals == {
      "aws:SourceAccount" = "123456789012"
      "aws:SourceArn"     = "arn:aws:scheduler:us-east-1:123456789012:schedule-group/trial"
    }
    error_message = "S4: the trust names the schedule group."
  }

  assert {
    condition = flatten([for statement in jsondecode(aws_iam_role_policy.invoke.policy).Statement : statement.Resource]) == [
      "arn:aws:lambda:us-east-1:123456789012:function:trial", "arn:aws:sqs:us-east-1:123456789012:undelivered",
    ]
    error_message = "S4: the role reaches its functions and its queue, nothing else."
  }
}
