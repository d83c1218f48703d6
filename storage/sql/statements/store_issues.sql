-- Log the issues that opened and close those that are gone; one that opened later than this is not gone yet.
WITH closed AS (
    UPDATE operational.data_quality_logs
    SET closed_at = CAST(CAST(:at AS text) AS timestamptz)
    WHERE id = ANY (CAST(CAST(:closed_ids AS text[]) AS bigint[]))
      AND opened_at <= CAST(CAST(:at AS text) AS timestamptz)
)
INSERT INTO operational.data_quality_logs (
    job_run_id, opened_at, closed_at, severity, issue_type, sport_key, event_id, bookmaker_key, market_key,
    outcome_name, outcome_description, path, description, raw_fragment
)
SELECT
    CAST(:job_run_id AS bigint),
    CAST(CAST(:at AS text) AS timestamptz),
    CASE WHEN CAST(:at_once AS boolean) THEN CAST(CAST(:at AS text) AS timestamptz) END,
    severity, issue_type, :sport_key, event_id, bookmaker_key, market_key,
    outcome_name, outcome_description, path, description, raw_fragment
FROM json_to_recordset(CAST(CAST(:opened AS text) AS json)) AS opened (
    severity text, issue_type text, event_id text, bookmaker_key text, market_key text, outcome_name text,
    outcome_description text, path text, description text, raw_fragment text
)
