-- Log what a stored answer brought.
INSERT INTO operational.fetch_logs (
    job_run_id, fetched_at, sport_key, source, event_count, in_play_count, snapshot_count, quotes_seen, quotes_stored,
    malformed_count, issues_opened, issues_closed
)
VALUES (
    CAST(:job_run_id AS bigint), CAST(CAST(:fetched_at AS text) AS timestamptz), :sport_key, :source,
    CAST(:events AS integer), CAST(:in_play AS integer), CAST(:snapshots AS integer), CAST(:quotes_seen AS integer),
    CAST(:quotes_stored AS integer), CAST(:malformed AS integer), CAST(:issues_opened AS integer),
    CAST(:issues_closed AS integer)
)
