-- The newest quote of every selection of some events.
SELECT
    selections.event_id,
    selections.id,
    selections.bookmaker_key,
    selections.market_key,
    selections.outcome_name,
    selections.description,
    selections.line,
    quote.price,
    quote.point,
    quote.last_update,
    quote.odds_timestamp
FROM core_betting.selections
CROSS JOIN LATERAL (
    SELECT quotes.price, quotes.point, quotes.last_update, quotes.odds_timestamp
    FROM core_betting.quotes
    WHERE quotes.selection_id = selections.id
    ORDER BY quotes.odds_timestamp DESC
    LIMIT 1
) AS quote
WHERE selections.event_id = ANY (CAST(:event_ids AS text[])) AND selections.source = :source
