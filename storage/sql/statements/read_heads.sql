-- The newest quote of every selection of some events.
SELECT
    selections.event_id,
    CAST(json_build_array(
        json_agg(selections.id),
        json_agg(selections.bookmaker_key), json_agg(selections.market_key), json_agg(selections.outcome_name),
        json_agg(selections.description), json_agg(selections.line),
        json_agg(quote.price), json_agg(quote.point), json_agg(quote.last_update), json_agg(quote.odds_timestamp)
    ) AS text)
FROM core_betting.selections
CROSS JOIN LATERAL (
    SELECT quotes.price, quotes.point, quotes.last_update, quotes.odds_timestamp
    FROM core_betting.quotes
    WHERE quotes.selection_id = selections.id
    ORDER BY quotes.odds_timestamp DESC
    LIMIT 1
) AS quote
WHERE selections.event_id = ANY (CAST(:event_ids AS text[])) AND selections.source = :source
GROUP BY selections.event_id
