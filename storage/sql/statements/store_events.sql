-- Write the rows of events as they now are, and what changed about them; what was wrong with the data of an event
-- that is over is over too: no answer will show that it is gone.
WITH written AS (
    INSERT INTO core_betting.events
    SELECT * FROM json_populate_recordset(NULL::core_betting.events, CAST(CAST(:events AS text) AS json))
    ON CONFLICT (id) DO UPDATE SET
        sport_title = excluded.sport_title,
        home_team = excluded.home_team,
        away_team = excluded.away_team,
        commence_time = excluded.commence_time,
        commence_time_seen_at = excluded.commence_time_seen_at,
        first_commence_time = excluded.first_commence_time,
        scheduled_commence_time = excluded.scheduled_commence_time,
        status = excluded.status,
        status_reason = excluded.status_reason,
        status_changed_at = excluded.status_changed_at,
        home_score = excluded.home_score,
        away_score = excluded.away_score,
        completed_at = excluded.completed_at,
        first_seen_at = excluded.first_seen_at,
        last_listed_at = excluded.last_listed_at,
        absent_looks = excluded.absent_looks,
        absent_since = excluded.absent_since
),
starts AS (
    INSERT INTO core_betting.commence_time_changes
    SELECT *
    FROM json_populate_recordset(
        NULL::core_betting.commence_time_changes, CAST(CAST(:commence_time_changes AS text) AS json)
    )
    ON CONFLICT DO NOTHING
),
status_changes AS MATERIALIZED (
    SELECT event_id, changed_at, status, home_score, away_score, reason
    FROM json_populate_recordset(
        NULL::core_betting.event_status_changes, CAST(CAST(:status_changes AS text) AS json)
    )
),
over AS (
    UPDATE operational.data_quality_logs AS issues
    SET closed_at = greatest(status_changes.changed_at, issues.opened_at)
    FROM status_changes
    WHERE issues.event_id = status_changes.event_id
      AND issues.closed_at IS NULL
      AND status_changes.status IN ('final', 'cancelled')
)
INSERT INTO core_betting.event_status_changes (event_id, changed_at, status, home_score, away_score, reason)
SELECT event_id, changed_at, status, home_score, away_score, reason FROM status_changes
