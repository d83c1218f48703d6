"""The function of a job, and what its first run makes besides: the client that reads its secrets."""

from core.secrets import open_ssm_client
from handlers.functions import fetch_odds

CLIENT = open_ssm_client("us-east-1")
handler = fetch_odds
