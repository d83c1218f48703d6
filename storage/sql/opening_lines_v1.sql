CREATE VIEW analytics.opening_lines AS
SELECT
    events.id AS event_id,
    events.sport_key,
    events.commence_time,
    events.home_team,
    events.away_team,
    first_quotes.bookmaker_key,
    first_quotes.market_key,
    first_quotes.outcome_name,
    first_quotes.description,
    first_quotes.price,
    first_quotes.point,
    first_quotes.odds_timestamp,
    events.scheduled_commence_time - first_quotes.odds_timestamp AS before_start
FROM core_betting.events
CROSS JOIN LATERAL (
    SELECT selections.bookmaker_key, selections.market_key, selections.outcome_name, selections.description, quote.*
    FROM core_betting.selections
    CROSS JOIN LATERAL (
        SELECT quotes.price, quotes.point, quotes.odds_timestamp
        FROM core_betting.quotes
        WHERE quotes.selection_id = selections.id AND quotes.price IS NOT NULL AND quotes.validation_notes IS NULL
        ORDER BY quotes.odds_timestamp
        LIMIT 1
    ) AS quote
    WHERE selections.event_id = events.id AND selections.source = 'live'
) AS first_quotes;

COMMENT ON VIEW analytics.opening_lines IS 'The first valid quote of every selection that we collected live.';
COMMENT ON COLUMN analytics.opening_lines.event_id IS 'The event.';
COMMENT ON COLUMN analytics.opening_lines.sport_key IS 'The sport.';
COMMENT ON COLUMN analytics.opening_lines.commence_time IS 'Start as the feed last gave it (UTC).';
COMMENT ON COLUMN analytics.opening_lines.home_team IS 'Home team.';
COMMENT ON COLUMN analytics.opening_lines.away_team IS 'Away team.';
COMMENT ON COLUMN analytics.opening_lines.bookmaker_key IS 'The bookmaker.';
COMMENT ON COLUMN analytics.opening_lines.market_key IS 'The market.';
COMMENT ON COLUMN analytics.opening_lines.outcome_name IS 'The outcome.';
COMMENT ON COLUMN analytics.opening_lines.description IS 'Whom a prop is about.';
COMMENT ON COLUMN analytics.opening_lines.price IS 'American odds.';
COMMENT ON COLUMN analytics.opening_lines.point IS 'Handicap of the backed team, or the total.';
COMMENT ON COLUMN analytics.opening_lines.odds_timestamp IS 'When we first received it (UTC).';
COMMENT ON COLUMN analytics.opening_lines.before_start IS 'How long before the scheduled start.';
