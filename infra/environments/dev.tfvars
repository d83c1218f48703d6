# A trial: one league on the feed's free plan, logs for a week.
environment        = "dev"
log_retention_days = 7
sports             = ["basketball_nba"]

scope = {
  markets    = ["h2h"]
  bookmakers = ["pinnacle", "draftkings", "fanduel"]
}

# Raised by a commit alone: whoever applies with another number, an older one too, writes what they give as the secret.
secrets_version = { odds_api_key = 1, database_url = 1 }
