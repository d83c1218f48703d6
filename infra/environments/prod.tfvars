# Two leagues, all three main markets, on a plan of 20,000 credits a month.
environment = "prod"
sports      = ["basketball_nba", "icehockey_nhl"]
credits     = { quota = 20000 }

# Raised by a commit alone: whoever applies with another number, an older one too, writes what they give as the secret.
secrets_version = { odds_api_key = 1, database_url = 1 }
