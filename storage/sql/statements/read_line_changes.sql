-- For many events: how their lines changed in the time before an instant, each event's own, withdrawals too;
-- the first of a selection is what stood when that time began, however long before, if anything did.
-- One row of arrays, an element of each being a change, in order; instants are microseconds since 1970.
SELECT
    array_agg(number) AS number,
    array_agg(selection_id) AS selection_id,
    array_agg(CAST(date_part('epoch', odds_timestamp) * 1000000 AS bigint)) AS odds_timestamp,
    array_agg(price) AS price,
    array_agg(point) AS point
FROM (
    SELECT
        CAST(wanted.number AS integer) - 1 AS number,
        quotes.selection_id, quotes.odds_timestamp, quotes.price, quotes.point
    FROM unnest(CAST(:event_ids AS text[]), CAST(:instants AS timestamptz[])) WITH ORDINALITY AS wanted (event_id, at, number)
    JOIN core_betting.selections
      ON selections.event_id = wanted.event_id AND selections.source = ANY (CAST(:sources AS text[]))
    CROSS JOIN LATERAL (
        SELECT max(earlier.odds_timestamp) AS since
        FROM core_betting.quotes AS earlier
        WHERE earlier.selection_id = selections.id
          AND earlier.odds_timestamp <= wanted.at - CAST(:before AS interval)
    ) AS stood
    JOIN core_betting.quotes
      ON quotes.selection_id = selections.id
     AND quotes.odds_timestamp >= coalesce(stood.since, '-infinity')
     AND quotes.odds_timestamp <= wanted.at
    WHERE (CAST(:markets AS text[]) = '{}' OR selections.market_key = ANY (CAST(:markets AS text[])))
    ORDER BY wanted.number, quotes.selection_id, quotes.odds_timestamp
) AS changes
