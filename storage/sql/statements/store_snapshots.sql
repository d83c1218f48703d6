-- Store an answer's snapshots with the quotes that they change, and log it. A snapshot that is there already brings
-- nothing.
WITH listed AS MATERIALIZED (
    SELECT *
    FROM unnest(
        CAST(:event_ids AS text[]), CAST(:commence_times AS text[]), CAST(:bookmaker_counts AS text[]),
        CAST(:tiers AS text[]), CAST(:newest_last_updates AS text[]), CAST(:listing_digests AS text[]),
        CAST(:raws AS text[])
    ) AS listed (
        event_id, commence_time, bookmaker_count, tier, newest_last_update, listing_digest, raw
    )
),
new_bookmakers AS (
    INSERT INTO core_betting.bookmakers (key, title, first_seen_at)
    SELECT bookmaker.key, bookmaker.value, CAST(CAST(:snapshot_time AS text) AS timestamptz)
    FROM json_each_text(CAST(CAST(:bookmakers AS text) AS json)) AS bookmaker
    WHERE NOT EXISTS (
        SELECT FROM core_betting.bookmakers AS known
        WHERE known.key = bookmaker.key AND known.title = bookmaker.value
    )
    ORDER BY bookmaker.key
    ON CONFLICT (key) DO UPDATE SET title = excluded.title
),
stored AS (
    INSERT INTO raw_data.odds_snapshots (
        snapshot_time, commence_time, job_run_id, newest_last_update, hours_until_commence, scope_id,
        bookmaker_count, event_id, source, fetch_tier, validation, listing_digest, raw_data
    )
    SELECT
        received.at, CAST(listed.commence_time AS timestamptz), CAST(:job_run_id AS bigint),
        CAST(listed.newest_last_update AS timestamptz),
        extract(epoch FROM CAST(listed.commence_time AS timestamptz) - received.at) / 3600,
        CAST(:scope_id AS smallint), CAST(listed.bookmaker_count AS smallint), listed.event_id, :source, listed.tier,
        :validation, decode(listed.listing_digest, 'hex'), CAST(listed.raw AS json)
    FROM listed
    CROSS JOIN (SELECT CAST(CAST(:snapshot_time AS text) AS timestamptz)) AS received (at)
    ON CONFLICT (event_id, snapshot_time, source) DO NOTHING
    RETURNING id, event_id, snapshot_time
),
changes AS MATERIALIZED (
    SELECT changed.*, stored.id AS snapshot_id, stored.snapshot_time
    FROM json_to_recordset(CAST(CAST(:changes AS text) AS json)) AS changed (
        event_id text, selection_id integer, bookmaker_key text, market_key text, outcome_name text, description text,
        line double precision, price integer, point double precision, last_update timestamptz, note text
    )
    JOIN stored ON stored.event_id = changed.event_id
),
new_selections AS (
    INSERT INTO core_betting.selections (
        event_id, source, bookmaker_key, market_key, outcome_name, description, line
    )
    SELECT event_id, :source, bookmaker_key, market_key, outcome_name, description, line
    FROM changes
    WHERE selection_id IS NULL
    RETURNING id, event_id, bookmaker_key, market_key, outcome_name, description, line
),
new_quotes AS (
    INSERT INTO core_betting.quotes (
        snapshot_id, odds_timestamp, last_update, selection_id, price, point, validation_notes
    )
    SELECT
        changes.snapshot_id, changes.snapshot_time, changes.last_update,
        coalesce(changes.selection_id, new_selections.id), changes.price, changes.point, changes.note
    FROM changes
    LEFT JOIN new_selections
        ON changes.selection_id IS NULL
       AND new_selections.event_id = changes.event_id
       AND new_selections.bookmaker_key = changes.bookmaker_key
       AND new_selections.market_key = changes.market_key
       AND new_selections.outcome_name = changes.outcome_name
       AND new_selections.description IS NOT DISTINCT FROM changes.description
       AND new_selections.line IS NOT DISTINCT FROM changes.line
    RETURNING selection_id
),
brought AS (
    INSERT INTO core_betting.event_bookmaker_regions (event_id, source, region, bookmaker_key, first_seen_at)
    SELECT first_brought.event_id, :source, first_brought.region, first_brought.bookmaker_key, stored.snapshot_time
    FROM json_to_recordset(CAST(CAST(:brought AS text) AS json)) AS first_brought (
        event_id text, region text, bookmaker_key text
    )
    JOIN stored ON stored.event_id = first_brought.event_id
)
INSERT INTO operational.fetch_logs (
    job_run_id, fetched_at, sport_key, source, event_count, in_play_count, snapshot_count, quotes_seen, quotes_stored,
    malformed_count, issues_opened, issues_closed
)
VALUES (
    CAST(:job_run_id AS bigint), CAST(CAST(:snapshot_time AS text) AS timestamptz), :sport_key, :source,
    CAST(:events AS integer), CAST(:in_play AS integer), (SELECT count(*) FROM stored), CAST(:quotes_seen AS integer),
    (SELECT count(*) FROM new_quotes), CAST(:malformed AS integer), CAST(:issues_opened AS integer),
    CAST(:issues_closed AS integer)
)
RETURNING snapshot_count, quotes_stored
