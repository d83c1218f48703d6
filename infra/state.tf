# A state holds one deployment. Applying one's choices over the other's state would replace all of it, with its armed
# schedules and its passwords, and from an empty state it would make all of a running one anew; so both are refused. The
# input is set once and remembers what the state was begun for.

data "aws_lambda_functions" "here" {}

resource "terraform_data" "deployment" {
  input = contains(data.aws_lambda_functions.here.function_names, "${local.prefix}-migrate") ? "nothing yet" : local.prefix

  lifecycle {
    ignore_changes = [input]

    postcondition {
      condition     = self.input == local.prefix
      error_message = "The state that is open holds ${self.input}, and ${local.prefix} is ${self.input == "nothing yet" ? "deployed already" : "another deployment"}: open the state of ${local.prefix} first, as infra/README.md says."
    }
  }
}
