CREATE VIEW analytics.best_odds AS
SELECT
    events.id AS event_id,
    events.sport_key,
    events.commence_time,
    events.status,
    events.home_team,
    events.away_team,
    best.market_key,
    best.outcome_name,
    best.description,
    best.point,
    best.price,
    best.bookmaker_keys,
    best.bookmaker_count,
    best.seen_at
FROM core_betting.events
CROSS JOIN LATERAL (
    SELECT
        priced.market_key, priced.outcome_name, priced.description, priced.point,
        max(priced.price) AS price,
        array_agg(priced.bookmaker_key ORDER BY priced.bookmaker_key)
            FILTER (WHERE priced.price = priced.highest) AS bookmaker_keys,
        count(*) AS bookmaker_count,
        min(priced.seen_at) FILTER (WHERE priced.price = priced.highest) AS seen_at
    FROM (
        SELECT
            odds.*,
            max(odds.price) OVER (
                PARTITION BY odds.market_key, odds.outcome_name, odds.description, odds.point
            ) AS highest
        FROM core_betting.odds_at(events.id, 'infinity') AS odds
        WHERE odds.is_valid AND odds.market_key NOT LIKE '%\_lay'
    ) AS priced
    GROUP BY priced.market_key, priced.outcome_name, priced.description, priced.point
) AS best;

COMMENT ON VIEW analytics.best_odds IS
    'The best price on every outcome and point as last seen before the start, and who offers it.';
COMMENT ON COLUMN analytics.best_odds.event_id IS 'The event.';
COMMENT ON COLUMN analytics.best_odds.sport_key IS 'The sport.';
COMMENT ON COLUMN analytics.best_odds.commence_time IS 'Start as the feed last gave it (UTC).';
COMMENT ON COLUMN analytics.best_odds.status IS 'Status of the event: ask for scheduled to see what can be bet on.';
COMMENT ON COLUMN analytics.best_odds.home_team IS 'Home team.';
COMMENT ON COLUMN analytics.best_odds.away_team IS 'Away team.';
COMMENT ON COLUMN analytics.best_odds.market_key IS 'The market.';
COMMENT ON COLUMN analytics.best_odds.outcome_name IS 'The outcome.';
COMMENT ON COLUMN analytics.best_odds.description IS 'Whom a prop is about.';
COMMENT ON COLUMN analytics.best_odds.point IS 'Handicap of the backed team, or the total.';
COMMENT ON COLUMN analytics.best_odds.price IS 'The best price, in American odds.';
COMMENT ON COLUMN analytics.best_odds.bookmaker_keys IS 'Who offers it.';
COMMENT ON COLUMN analytics.best_odds.bookmaker_count IS 'How many bookmakers price this outcome at this point.';
COMMENT ON COLUMN analytics.best_odds.seen_at IS 'The oldest look behind those offers (UTC).';
