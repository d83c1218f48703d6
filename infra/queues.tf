# Two queues, for they tell of different faults: what EventBridge Scheduler could not hand to a function ...
module "undelivered" {
  source = "./modules/queue"
  name   = "${local.prefix}-undelivered"
}

# ... and what a function was handed and failed at, every time.
module "failed" {
  source = "./modules/queue"
  name   = "${local.prefix}-failed"
}
