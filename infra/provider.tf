locals {
  is_emulated = var.aws_endpoint != null
}

provider "aws" {
  region                      = var.region
  access_key                  = local.is_emulated ? "testing" : null
  secret_key                  = local.is_emulated ? "testing" : null
  skip_credentials_validation = local.is_emulated
  skip_metadata_api_check     = local.is_emulated
  skip_requesting_account_id  = local.is_emulated
  skip_region_validation      = local.is_emulated
  s3_use_path_style           = local.is_emulated

  default_tags {
    tags = {
      project     = var.name
      environment = var.environment
    }
  }

  dynamic "endpoints" {
    for_each = var.aws_endpoint[*]

    content {
      cloudwatch = endpoints.value
      iam        = endpoints.value
      lambda     = endpoints.value
      logs       = endpoints.value
      s3         = endpoints.value
      scheduler  = endpoints.value
      sns        = endpoints.value
      sqs        = endpoints.value
      ssm        = endpoints.value
      sts        = endpoints.value
    }
  }
}
