# A trial: one league on the feed's free plan, logs for a week.
environment        = "dev"
log_retention_days = 7
sports             = ["basketball_nba"]

scope = {
  markets    = ["h2h"]
  bookmakers = ["pinnacle", "draftkings", "fanduel"]
}
