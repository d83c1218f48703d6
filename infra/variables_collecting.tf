variable "sports" {
  description = "The sports that are collected, by the feed's keys."
  type        = list(string)
  default     = ["basketball_nba"]

  validation {
    condition     = length(var.sports) > 0 && length(var.sports) == length(distinct(var.sports))
    error_message = "sports must name at least one sport, each once."
  }

  validation {
    condition     = alltrue([for sport in var.sports : can(regex("^[a-z0-9]+(_[a-z0-9]+)+$", sport))])
    error_message = "sports must be keys of the feed such as basketball_nba or icehockey_nhl."
  }
}

variable "scope" {
  description = "What one look asks for: markets, and bookmakers or else regions. It costs markets x regions; ten bookmakers are a region."
  type = object({
    markets    = optional(list(string), ["h2h", "spreads", "totals"])
    bookmakers = optional(list(string), ["pinnacle", "draftkings", "fanduel", "betmgm", "williamhill_us", "betrivers", "bovada"])
    regions    = optional(list(string), [])
  })
  default = {}

  validation {
    condition     = length(var.scope.markets) > 0 && length(concat(var.scope.bookmakers, var.scope.regions)) > 0
    error_message = "scope must name at least one market, and a bookmaker or a region."
  }

  validation {
    condition     = length(var.scope.regions) == 0 || length(var.scope.bookmakers) == 0
    error_message = "scope must name bookmakers or regions, not both: set bookmakers = [] where regions are asked."
  }

  validation {
    condition = alltrue([
      for key in concat(var.scope.markets, var.scope.bookmakers, var.scope.regions) : can(regex("^[a-z0-9]+(_[a-z0-9]+)*$", key))
    ])
    error_message = "scope must hold keys of the feed, such as spreads, pinnacle or us."
  }
}

variable "credits" {
  description = "The credits a month of the feed's plan, where its answers do not tell, and the fraction kept for closing looks."
  type = object({
    quota   = optional(number, 500)
    reserve = optional(number, 0.1)
  })
  default = {}

  validation {
    condition     = var.credits.quota >= 1 && floor(var.credits.quota) == var.credits.quota
    error_message = "credits.quota must be a whole number of credits, 1 or more."
  }

  validation {
    condition     = var.credits.reserve >= 0 && var.credits.reserve <= 0.9
    error_message = "credits.reserve must be a fraction of the quota, 0 to 0.9."
  }
}

variable "timing" {
  description = "When the jobs run; each as the setting of the same name in .env.example."
  type = object({
    closing_lead_minutes  = optional(number, 5)
    minimum_gap_minutes   = optional(number, 3)
    fallback_minutes      = optional(number, 30)
    heartbeat_minutes     = optional(number, 1)
    status_interval_hours = optional(number, 3)
    longest_sleep_hours   = optional(number, 6)
  })
  default = {}

  validation {
    condition     = var.timing.minimum_gap_minutes >= 1 && var.timing.minimum_gap_minutes < var.timing.closing_lead_minutes
    error_message = "timing.minimum_gap_minutes must be 1 or more and below closing_lead_minutes."
  }

  validation {
    condition     = var.timing.closing_lead_minutes <= 60
    error_message = "timing.closing_lead_minutes must be 60 at most."
  }

  validation {
    condition     = var.timing.fallback_minutes >= var.timing.minimum_gap_minutes && var.timing.fallback_minutes <= 1440
    error_message = "timing.fallback_minutes must be minimum_gap_minutes to 1440."
  }

  validation {
    condition     = contains(range(1, 61), var.timing.heartbeat_minutes)
    error_message = "timing.heartbeat_minutes must be a whole number, 1 to 60."
  }

  validation {
    condition     = contains(range(1, 25), var.timing.status_interval_hours)
    error_message = "timing.status_interval_hours must be a whole number, 1 to 24."
  }

  validation {
    condition     = contains(range(1, 25), var.timing.longest_sleep_hours)
    error_message = "timing.longest_sleep_hours must be a whole number, 1 to 24: so long may data be old before an alarm."
  }
}
