-- For many events, each as of its own instant: the newest pre-start snapshot of each source and scope that we had then,
-- and which bookmakers it looked at: those asked for by key, or those that the regions asked for had brought.
SELECT
    CAST(wanted.number AS integer) - 1 AS number,
    sources.source,
    scopes.markets,
    scopes.bookmakers || ARRAY(
        SELECT brought.bookmaker_key
        FROM core_betting.event_bookmaker_regions AS brought
        WHERE brought.event_id = wanted.event_id
          AND brought.source = sources.source
          AND brought.region = ANY (scopes.regions)
          AND brought.first_seen_at <= newest.snapshot_time
    ) AS bookmakers,
    CAST(date_part('epoch', newest.snapshot_time) * 1000000 AS bigint) AS snapshot_time
FROM unnest(CAST(:event_ids AS text[]), CAST(:instants AS timestamptz[])) WITH ORDINALITY AS wanted (event_id, at, number)
CROSS JOIN raw_data.request_scopes AS scopes
CROSS JOIN unnest(CAST(:sources AS text[])) AS sources (source)
CROSS JOIN LATERAL (
    SELECT snapshots.snapshot_time
    FROM raw_data.odds_snapshots AS snapshots
    WHERE snapshots.event_id = wanted.event_id
      AND snapshots.scope_id = scopes.id
      AND snapshots.source = sources.source
      AND snapshots.snapshot_time <= wanted.at
      AND snapshots.commence_time > snapshots.snapshot_time
    ORDER BY snapshots.snapshot_time DESC
    LIMIT 1
) AS newest
