# Two leagues, all three main markets, on a plan of 20,000 credits a month.
environment = "prod"
sports      = ["basketball_nba", "icehockey_nhl"]
credits     = { quota = 20000 }
