CREATE VIEW analytics.closing_lines AS
SELECT
    events.id AS event_id,
    events.sport_key,
    events.scheduled_commence_time AS commence_time,
    events.home_team,
    events.away_team,
    close.bookmaker_key,
    close.market_key,
    close.outcome_name,
    close.description,
    close.price,
    close.point,
    close.odds_timestamp,
    close.seen_at,
    events.scheduled_commence_time - close.seen_at AS close_age,
    close.is_valid
FROM core_betting.events
CROSS JOIN LATERAL core_betting.odds_at(events.id, 'infinity') AS close
WHERE events.status IN ('live', 'final');

COMMENT ON VIEW analytics.closing_lines IS
    'The last odds before the start of every event that has started, and how old they were when it did. Never a price '
    'from in play.';
COMMENT ON COLUMN analytics.closing_lines.event_id IS 'The event.';
COMMENT ON COLUMN analytics.closing_lines.sport_key IS 'The sport.';
COMMENT ON COLUMN analytics.closing_lines.commence_time IS 'Start as the feed last gave it before it had passed (UTC).';
COMMENT ON COLUMN analytics.closing_lines.home_team IS 'Home team.';
COMMENT ON COLUMN analytics.closing_lines.away_team IS 'Away team.';
COMMENT ON COLUMN analytics.closing_lines.bookmaker_key IS 'The bookmaker.';
COMMENT ON COLUMN analytics.closing_lines.market_key IS 'The market.';
COMMENT ON COLUMN analytics.closing_lines.outcome_name IS 'The outcome.';
COMMENT ON COLUMN analytics.closing_lines.description IS 'Whom a prop is about.';
COMMENT ON COLUMN analytics.closing_lines.price IS 'American odds.';
COMMENT ON COLUMN analytics.closing_lines.point IS 'Handicap of the backed team, or the total.';
COMMENT ON COLUMN analytics.closing_lines.odds_timestamp IS 'Since when the price stood (UTC).';
COMMENT ON COLUMN analytics.closing_lines.seen_at IS 'The last look before the start (UTC).';
COMMENT ON COLUMN analytics.closing_lines.close_age IS 'From that look to the start: how old the close is.';
COMMENT ON COLUMN analytics.closing_lines.is_valid IS 'False when a check found the quote invalid.';
