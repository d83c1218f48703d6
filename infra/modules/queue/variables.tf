variable "name" {
  description = "The queue's name."
  type        = string
}
