-- For many events, each as of its own instant: the newest quote of every selection that we had then, withdrawn ones too.
-- One row of arrays, an element of each being a quote: a season decided once is 59,040 of them. Instants are
-- microseconds since 1970. Where bookmakers or markets are named, only theirs, with those of the bookmakers that an event
-- has besides, commas in between. What is the same for all, because one market or source alone is asked for, is no
-- array: a season is read in half a second, and texts are most of its bytes.
SELECT
    array_agg(CAST(wanted.number AS integer) - 1) AS number,
    array_agg(selections.id) AS selection_id,
    array_agg(selections.bookmaker_key) AS bookmaker_key,
    array_agg(selections.market_key) FILTER (WHERE cardinality(CAST(:markets AS text[])) <> 1) AS market_key,
    array_agg(selections.outcome_name) AS outcome_name,
    array_agg(selections.description) AS description,
    array_agg(selections.line) FILTER (WHERE cardinality(CAST(:sources AS text[])) > 1) AS line,
    array_agg(quote.price) AS price,
    array_agg(quote.point) AS point,
    array_agg(CAST(date_part('epoch', quote.odds_timestamp) * 1000000 AS bigint)) AS odds_timestamp,
    array_agg(CAST(date_part('epoch', quote.last_update) * 1000000 AS bigint)) AS last_update,
    array_agg(quote.validation_notes IS NULL) AS is_valid,
    array_agg(selections.source) FILTER (WHERE cardinality(CAST(:sources AS text[])) > 1) AS source
FROM unnest(CAST(:event_ids AS text[]), CAST(:instants AS timestamptz[]), CAST(:also AS text[]))
    WITH ORDINALITY AS wanted (event_id, at, also, number)
JOIN core_betting.selections
  ON selections.event_id = wanted.event_id AND selections.source = ANY (CAST(:sources AS text[]))
CROSS JOIN LATERAL (
    SELECT quotes.price, quotes.point, quotes.odds_timestamp, quotes.last_update, quotes.validation_notes
    FROM core_betting.quotes
    WHERE quotes.selection_id = selections.id AND quotes.odds_timestamp <= wanted.at
    ORDER BY quotes.odds_timestamp DESC
    LIMIT 1
) AS quote
WHERE (CAST(:bookmakers AS text[]) = '{}' OR selections.bookmaker_key = ANY (
    CAST(:bookmakers AS text[]) || string_to_array(wanted.also, ',')
  ))
  AND (CAST(:markets AS text[]) = '{}' OR selections.market_key = ANY (CAST(:markets AS text[])))
