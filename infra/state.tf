# A state holds one deployment. Applying one's choices over the other's state would replace all of it, with its armed
# schedules and its passwords, so that is refused; the output remembers what the state was begun for.
resource "terraform_data" "deployment" {
  input = local.prefix

  lifecycle {
    ignore_changes = [input]

    postcondition {
      condition     = self.output == local.prefix
      error_message = "The state that is open holds ${self.output}, not ${local.prefix}: open the state of ${local.prefix} first, as infra/README.md says."
    }
  }
}
