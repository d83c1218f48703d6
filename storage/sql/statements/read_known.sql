-- What is known before an answer is stored: of each of its events the row, the newest snapshot, and which bookmakers
-- each region brought; the issues that are open; the number of the scope; and whether the answer was stored before.
SELECT
    (
        SELECT coalesce(json_agg(json_build_object(
            'event', events,
            'newest', (
                SELECT json_build_object(
                    'snapshot_time', snapshots.snapshot_time,
                    'scope_id', snapshots.scope_id,
                    'validation', snapshots.validation,
                    'in_play', snapshots.commence_time <= snapshots.snapshot_time,
                    'newest_last_update', snapshots.newest_last_update,
                    'listing_digest', encode(snapshots.listing_digest, 'hex')
                )
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
            ),
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
            )
        )), '[]')
        FROM core_betting.events
        WHERE events.id = ANY (CAST(:event_ids AS text[]))
    ) AS events,
    (
        SELECT coalesce(json_agg(json_build_object(
            'id', issues.id,
            'severity', issues.severity,
            'issue_type', issues.issue_type,
            'event_id', issues.event_id,
            'bookmaker_key', issues.bookmaker_key,
            'market_key', issues.market_key,
            'outcome_name', issues.outcome_name,
            'outcome_description', issues.outcome_description,
            'path', issues.path
        )), '[]')
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
