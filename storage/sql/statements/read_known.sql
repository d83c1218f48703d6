-- What is known before an answer is stored: of each of its events the row, the newest snapshot, which bookmakers each
-- region brought, and the newest quotes where the listing is another now; the issues that are open; the number of the
-- scope; and whether the answer was stored before.
SELECT
    (
        SELECT CAST(coalesce(json_agg(json_build_object(
            'event', events,
            'newest', CASE WHEN newest.snapshot_time IS NOT NULL THEN json_build_object(
                'snapshot_time', newest.snapshot_time,
                'scope_id', newest.scope_id,
                'validation', newest.validation,
                'in_play', newest.commence_time <= newest.snapshot_time,
                'newest_last_update', newest.newest_last_update,
                'listing_digest', newest.listing_digest
            ) END,
            'has_this_snapshot', EXISTS (
                SELECT
                FROM raw_data.odds_snapshots AS snapshots
                WHERE snapshots.event_id = events.id
                  AND snapshots.snapshot_time = CAST(CAST(:snapshot_time AS text) AS timestamptz)
                  AND snapshots.source = :source
            ),
            'brought', (
                SELECT json_agg(json_build_array(brought.region, brought.bookmaker_key))
                FROM core_betting.event_bookmaker_regions AS brought
                WHERE brought.event_id = events.id AND brought.source = :source
            ),
            'heads', CASE WHEN newest.listing_digest <> wanted.listing_digest THEN (
                SELECT json_build_array(
                    json_agg(selections.id),
                    json_agg(selections.bookmaker_key), json_agg(selections.market_key), json_agg(selections.outcome_name),
                    json_agg(selections.description), json_agg(selections.line),
                    json_agg(quote.price), json_agg(quote.point), json_agg(quote.last_update), json_agg(quote.odds_timestamp)
                )
                FROM core_betting.selections
                CROSS JOIN LATERAL (
                    SELECT quotes.price, quotes.point, quotes.last_update, quotes.odds_timestamp
                    FROM core_betting.quotes
                    WHERE quotes.selection_id = selections.id
                    ORDER BY quotes.odds_timestamp DESC
                    LIMIT 1
                ) AS quote
                WHERE selections.event_id = events.id AND selections.source = :source
            ) END
        )), '[]') AS text)
        FROM unnest(CAST(:event_ids AS text[]), CAST(:listing_digests AS text[])) AS wanted (event_id, listing_digest)
        JOIN core_betting.events ON events.id = wanted.event_id
        LEFT JOIN LATERAL (
            SELECT
                snapshots.snapshot_time, snapshots.commence_time, snapshots.scope_id, snapshots.validation,
                snapshots.newest_last_update, encode(snapshots.listing_digest, 'hex') AS listing_digest
            FROM raw_data.request_scopes AS scopes
            CROSS JOIN LATERAL (
                SELECT odds_snapshots.*
                FROM raw_data.odds_snapshots
                WHERE odds_snapshots.event_id = events.id
                  AND odds_snapshots.scope_id = scopes.id
                  AND odds_snapshots.source = :source
                ORDER BY odds_snapshots.snapshot_time DESC
                LIMIT 1
            ) AS snapshots
            ORDER BY snapshots.snapshot_time DESC
            LIMIT 1
        ) AS newest ON true
    ) AS events,
    (
        SELECT CAST(coalesce(json_agg(json_build_object(
            'id', issues.id,
            'severity', issues.severity,
            'issue_type', issues.issue_type,
            'event_id', issues.event_id,
            'bookmaker_key', issues.bookmaker_key,
            'market_key', issues.market_key,
            'outcome_name', issues.outcome_name,
            'outcome_description', issues.outcome_description,
            'path', issues.path
        )), '[]') AS text)
        FROM operational.data_quality_logs AS issues
        WHERE issues.closed_at IS NULL
          AND issues.sport_key = :sport_key
          AND (issues.event_id IS NULL OR issues.event_id = ANY (CAST(:event_ids AS text[])))
    ) AS open_issues,
    (
        SELECT scopes.id
        FROM raw_data.request_scopes AS scopes
        WHERE scopes.markets = CAST(:markets AS text[])
          AND scopes.bookmakers = CAST(:bookmakers AS text[])
          AND scopes.regions = CAST(:regions AS text[])
    ) AS scope_id,
    EXISTS (
        SELECT
        FROM operational.fetch_logs
        WHERE fetch_logs.fetched_at = CAST(CAST(:snapshot_time AS text) AS timestamptz)
          AND fetch_logs.sport_key = :sport_key
          AND fetch_logs.source = :source
    ) AS is_logged
