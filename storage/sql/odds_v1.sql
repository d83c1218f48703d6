CREATE VIEW core_betting.odds AS
SELECT
    selections.event_id,
    selections.bookmaker_key,
    bookmakers.title AS bookmaker_title,
    selections.market_key,
    selections.outcome_name,
    selections.description,
    quotes.price,
    quotes.point,
    quotes.odds_timestamp,
    quotes.last_update,
    quotes.validation_notes IS NULL AS is_valid,
    quotes.validation_notes,
    selections.source,
    quotes.selection_id,
    quotes.snapshot_id
FROM core_betting.quotes
JOIN core_betting.selections ON selections.id = quotes.selection_id
JOIN core_betting.bookmakers ON bookmakers.key = selections.bookmaker_key;

COMMENT ON VIEW core_betting.odds IS
    'Every price change, readable: a row says that from odds_timestamp on the bookmaker offered this price. Not the '
    'odds at one moment: for those ask odds_at(event_id, at).';
COMMENT ON COLUMN core_betting.odds.event_id IS 'The event.';
COMMENT ON COLUMN core_betting.odds.bookmaker_key IS 'The bookmaker.';
COMMENT ON COLUMN core_betting.odds.bookmaker_title IS 'The bookmaker''s name.';
COMMENT ON COLUMN core_betting.odds.market_key IS 'The market.';
COMMENT ON COLUMN core_betting.odds.outcome_name IS 'The outcome: a team, Draw, Over, Under …';
COMMENT ON COLUMN core_betting.odds.description IS 'Whom a prop is about.';
COMMENT ON COLUMN core_betting.odds.price IS 'American odds; empty when the bookmaker withdrew the selection.';
COMMENT ON COLUMN core_betting.odds.point IS 'Handicap of the backed team, or the total.';
COMMENT ON COLUMN core_betting.odds.odds_timestamp IS 'When we received the change (UTC).';
COMMENT ON COLUMN core_betting.odds.last_update IS
    'When the feed had last refreshed the market (UTC); not when the price changed.';
COMMENT ON COLUMN core_betting.odds.is_valid IS 'False when a check found the quote invalid.';
COMMENT ON COLUMN core_betting.odds.validation_notes IS 'Why the quote is invalid.';
COMMENT ON COLUMN core_betting.odds.source IS 'live, historical or import.';
COMMENT ON COLUMN core_betting.odds.selection_id IS 'The selection: what is quoted, from row to row.';
COMMENT ON COLUMN core_betting.odds.snapshot_id IS 'The snapshot that brought the change.';
