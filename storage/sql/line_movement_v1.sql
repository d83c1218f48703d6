CREATE VIEW analytics.line_movement AS
SELECT
    events.id AS event_id,
    events.sport_key,
    events.scheduled_commence_time AS commence_time,
    events.home_team,
    events.away_team,
    moves.bookmaker_key,
    moves.market_key,
    moves.outcome_name,
    moves.description,
    moves.odds_timestamp,
    events.scheduled_commence_time - moves.odds_timestamp AS before_start,
    moves.previous_price,
    moves.price,
    moves.previous_point,
    moves.point,
    moves.point - moves.previous_point AS point_change,
    moves.is_valid
FROM core_betting.events
CROSS JOIN LATERAL (
    SELECT
        odds.*,
        lag(odds.price) OVER selection AS previous_price,
        lag(odds.point) OVER selection AS previous_point
    FROM core_betting.odds
    WHERE odds.event_id = events.id AND odds.source = 'live'
    WINDOW selection AS (PARTITION BY odds.selection_id ORDER BY odds.odds_timestamp)
) AS moves;

COMMENT ON VIEW analytics.line_movement IS
    'Every change of a line with what it was before. An empty price says that the bookmaker withdrew it, an empty '
    'previous price that it opened or came back.';
COMMENT ON COLUMN analytics.line_movement.event_id IS 'The event.';
COMMENT ON COLUMN analytics.line_movement.sport_key IS 'The sport.';
COMMENT ON COLUMN analytics.line_movement.commence_time IS 'Start as the feed last gave it before it had passed (UTC).';
COMMENT ON COLUMN analytics.line_movement.home_team IS 'Home team.';
COMMENT ON COLUMN analytics.line_movement.away_team IS 'Away team.';
COMMENT ON COLUMN analytics.line_movement.bookmaker_key IS 'The bookmaker.';
COMMENT ON COLUMN analytics.line_movement.market_key IS 'The market.';
COMMENT ON COLUMN analytics.line_movement.outcome_name IS 'The outcome.';
COMMENT ON COLUMN analytics.line_movement.description IS 'Whom a prop is about.';
COMMENT ON COLUMN analytics.line_movement.odds_timestamp IS 'When we received the change (UTC).';
COMMENT ON COLUMN analytics.line_movement.before_start IS 'How long before the scheduled start.';
COMMENT ON COLUMN analytics.line_movement.previous_price IS 'American odds before the change.';
COMMENT ON COLUMN analytics.line_movement.price IS 'American odds from then on.';
COMMENT ON COLUMN analytics.line_movement.previous_point IS 'Handicap or total before the change.';
COMMENT ON COLUMN analytics.line_movement.point IS 'Handicap or total from then on.';
COMMENT ON COLUMN analytics.line_movement.point_change IS 'By how much the handicap or total moved.';
COMMENT ON COLUMN analytics.line_movement.is_valid IS 'False when a check found the quote invalid.';
