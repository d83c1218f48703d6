-- The bookmakers that ever had odds of the games that a backtest may decide, those of `read_backtest_events`, and the
-- markets that each of them had.
SELECT DISTINCT selections.bookmaker_key, selections.market_key
FROM core_betting.selections
JOIN core_betting.events ON events.id = selections.event_id
WHERE events.id IN (
    SELECT changes.event_id
    FROM core_betting.commence_time_changes AS changes
    WHERE changes.commence_time >= :first_start AND changes.commence_time <= :last_start
)
  AND (CAST(:sports AS text[]) = '{}' OR events.sport_key = ANY (CAST(:sports AS text[])))
  AND selections.source = ANY (CAST(:sources AS text[]))
ORDER BY selections.bookmaker_key, selections.market_key
