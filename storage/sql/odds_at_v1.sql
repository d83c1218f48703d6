CREATE FUNCTION core_betting.odds_at(
    of_event text,
    at timestamptz,
    sources text[] DEFAULT ARRAY['live']
)
RETURNS TABLE (
    event_id text,
    bookmaker_key text,
    bookmaker_title text,
    market_key text,
    outcome_name text,
    description text,
    price integer,
    point double precision,
    odds_timestamp timestamptz,
    last_update timestamptz,
    is_valid boolean,
    validation_notes text,
    source text,
    selection_id integer,
    snapshot_id bigint,
    seen_at timestamptz
)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 60
-- planning takes longer than reading: once per connection is enough
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
BEGIN
RETURN QUERY
WITH newest_snapshots AS MATERIALIZED (
    -- the newest pre-start snapshot of each source and scope that we had at that time
    SELECT wanted.source, scopes.markets, scopes.bookmakers, scopes.regions, newest.snapshot_time
    FROM raw_data.request_scopes AS scopes
    CROSS JOIN unnest(odds_at.sources) AS wanted (source)
    CROSS JOIN LATERAL (
        SELECT snapshots.snapshot_time
        FROM raw_data.odds_snapshots AS snapshots
        WHERE snapshots.event_id = odds_at.of_event
          AND snapshots.scope_id = scopes.id
          AND snapshots.source = wanted.source
          AND snapshots.snapshot_time <= odds_at.at
          AND snapshots.commence_time > snapshots.snapshot_time
        ORDER BY snapshots.snapshot_time DESC
        LIMIT 1
    ) AS newest
),
looked_at AS MATERIALIZED (
    -- which bookmakers those looked at: the ones asked for by key, or those that the regions asked for had brought
    SELECT newest.source, asked.bookmaker_key, newest.markets, newest.snapshot_time
    FROM newest_snapshots AS newest
    CROSS JOIN unnest(newest.bookmakers) AS asked (bookmaker_key)
    UNION ALL
    SELECT newest.source, brought.bookmaker_key, newest.markets, newest.snapshot_time
    FROM newest_snapshots AS newest
    JOIN core_betting.event_bookmaker_regions AS brought
      ON brought.event_id = odds_at.of_event
     AND brought.source = newest.source
     AND brought.region = ANY (newest.regions)
     AND brought.first_seen_at <= newest.snapshot_time
),
known AS (
    SELECT
        selections.bookmaker_key, selections.market_key, selections.outcome_name, selections.description,
        selections.line, selections.source, selections.id AS selection_id,
        quote.price, quote.point, quote.odds_timestamp, quote.last_update, quote.validation_notes, quote.snapshot_id,
        greatest(quote.odds_timestamp, (
            SELECT max(looked_at.snapshot_time)
            FROM looked_at
            WHERE looked_at.source = selections.source
              AND looked_at.bookmaker_key = selections.bookmaker_key
              AND core_betting.asked_market(selections.market_key) = ANY (looked_at.markets)
        )) AS seen_at
    FROM core_betting.selections
    CROSS JOIN LATERAL (
        SELECT quotes.*
        FROM core_betting.quotes
        WHERE quotes.selection_id = selections.id AND quotes.odds_timestamp <= odds_at.at
        ORDER BY quotes.odds_timestamp DESC
        LIMIT 1
    ) AS quote
    WHERE selections.event_id = odds_at.of_event AND selections.source = ANY (odds_at.sources)
),
newest_source AS (
    -- where several sources know a selection, the one that saw it last; live where they saw it together
    SELECT DISTINCT ON (bookmaker_key, market_key, outcome_name, description, line) known.*
    FROM known
    ORDER BY bookmaker_key, market_key, outcome_name, description, line, seen_at DESC, (source = 'live') DESC, source
)
SELECT
    odds_at.of_event, chosen.bookmaker_key, bookmakers.title, chosen.market_key, chosen.outcome_name,
    chosen.description, chosen.price, chosen.point, chosen.odds_timestamp, chosen.last_update,
    chosen.validation_notes IS NULL, chosen.validation_notes, chosen.source, chosen.selection_id,
    chosen.snapshot_id, chosen.seen_at
FROM newest_source AS chosen
JOIN core_betting.bookmakers ON bookmakers.key = chosen.bookmaker_key
WHERE chosen.price IS NOT NULL
ORDER BY chosen.bookmaker_key, chosen.market_key, chosen.outcome_name, chosen.description, chosen.line;
END
$$;

COMMENT ON FUNCTION core_betting.odds_at(text, timestamptz, text[]) IS
    'The odds of an event as we knew them at an instant: of every selection the newest quote received by then, without '
    'those withdrawn by then. seen_at is the newest snapshot that looked at it. After the start: the closing odds. '
    'Never a price from after the instant, never one from in play. Live data only, unless other sources are named.';
