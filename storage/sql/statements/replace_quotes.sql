-- Write all quotes of an event; a selection that none of them prices goes.
WITH quoted AS MATERIALIZED (
    SELECT *
    FROM json_to_recordset(CAST(CAST(:quotes AS text) AS json)) AS quoted (
        snapshot_id bigint, bookmaker_key text, market_key text, outcome_name text, description text,
        line double precision, price integer, point double precision, last_update timestamptz, note text
    )
),
wanted AS (
    SELECT DISTINCT bookmaker_key, market_key, outcome_name, description, line FROM quoted
),
kept AS (
    SELECT selections.id, wanted.*
    FROM wanted
    JOIN core_betting.selections
        ON selections.event_id = :event_id
       AND selections.source = :source
       AND selections.bookmaker_key = wanted.bookmaker_key
       AND selections.market_key = wanted.market_key
       AND selections.outcome_name = wanted.outcome_name
       AND selections.description IS NOT DISTINCT FROM wanted.description
       AND selections.line IS NOT DISTINCT FROM wanted.line
),
gone AS (
    DELETE FROM core_betting.selections
    WHERE selections.event_id = :event_id AND selections.source = :source AND selections.id NOT IN (SELECT id FROM kept)
),
added AS (
    INSERT INTO core_betting.selections (
        event_id, source, bookmaker_key, market_key, outcome_name, description, line
    )
    SELECT :event_id, :source, bookmaker_key, market_key, outcome_name, description, line FROM wanted
    ON CONFLICT ON CONSTRAINT uq_selections_identity DO NOTHING
    RETURNING id, bookmaker_key, market_key, outcome_name, description, line
),
numbered AS (
    SELECT id, bookmaker_key, market_key, outcome_name, description, line FROM kept
    UNION ALL
    SELECT id, bookmaker_key, market_key, outcome_name, description, line FROM added
),
brought AS (
    INSERT INTO core_betting.event_bookmaker_regions (event_id, source, region, bookmaker_key, first_seen_at)
    SELECT :event_id, :source, region, bookmaker_key, first_seen_at
    FROM json_to_recordset(CAST(CAST(:brought AS text) AS json)) AS first_brought (
        region text, bookmaker_key text, first_seen_at timestamptz
    )
)
INSERT INTO core_betting.quotes (
    snapshot_id, odds_timestamp, last_update, selection_id, price, point, validation_notes
)
SELECT
    quoted.snapshot_id, snapshots.snapshot_time, quoted.last_update, numbered.id, quoted.price, quoted.point,
    quoted.note
FROM quoted
JOIN raw_data.odds_snapshots AS snapshots ON snapshots.id = quoted.snapshot_id
JOIN numbered
    ON numbered.bookmaker_key = quoted.bookmaker_key
   AND numbered.market_key = quoted.market_key
   AND numbered.outcome_name = quoted.outcome_name
   AND numbered.description IS NOT DISTINCT FROM quoted.description
   AND numbered.line IS NOT DISTINCT FROM quoted.line
