-- When a sport was last looked at by plan, and by hand since, and what was asked for then; when its results were last
-- asked for, and last read from how many days back; when jobs last ran for it; the account's newest balance; and, an
-- array for each column, the sport's events that are not over. A start of a year that no answer may name any more is
-- left out: no plan could reckon with it.
-- Whether a look was by hand is asked of one run after the other, from the newest on: a join would read all runs.
WITH calls AS MATERIALIZED (
    SELECT
        (
            SELECT fetch_logs.fetched_at
            FROM operational.fetch_logs
            WHERE fetch_logs.sport_key = :sport_key AND fetch_logs.source = 'live'
              AND coalesce((
                  SELECT NOT starts_with(job_runs.reason, :by_hand)
                  FROM operational.job_runs
                  WHERE job_runs.id = fetch_logs.job_run_id
              ), true)
            ORDER BY fetch_logs.fetched_at DESC
            LIMIT 1
        ) AS last_look,
        (
            SELECT responses.received_at
            FROM raw_data.api_responses AS responses
            WHERE responses.endpoint = :scores_endpoint
            ORDER BY responses.received_at DESC
            LIMIT 1
        ) AS last_scores_call,
        (
            SELECT array_agg((
                SELECT job_runs.started_at
                FROM operational.job_runs
                WHERE job_runs.job = asked.job AND job_runs.sport_key = :sport_key
                  AND job_runs.outcome <> 'failed' AND job_runs.attempt > 0
                ORDER BY job_runs.started_at DESC
                LIMIT 1
            ) ORDER BY asked.place)
            FROM unnest(CAST(:jobs AS text[])) WITH ORDINALITY AS asked (job, place)
        ) AS last_runs
), told AS (
    SELECT
        calls.last_look, by_hand.fetched_at, by_hand.markets, by_hand.bookmakers, by_hand.regions,
        calls.last_scores_call, scores.received_at, scores.days, calls.last_runs,
        balance.remaining, balance.used, balance.recorded_at
    FROM calls
    LEFT JOIN LATERAL (
        SELECT
            fetch_logs.fetched_at,
            coalesce(string_to_array(responses.parameters ->> 'markets', ','), '{}') AS markets,
            coalesce(string_to_array(responses.parameters ->> 'bookmakers', ','), '{}') AS bookmakers,
            coalesce(string_to_array(responses.parameters ->> 'regions', ','), '{}') AS regions
        FROM operational.fetch_logs
        JOIN raw_data.api_responses AS responses
            ON responses.received_at = fetch_logs.fetched_at AND responses.job_run_id = fetch_logs.job_run_id
        WHERE fetch_logs.sport_key = :sport_key AND fetch_logs.source = 'live'
          AND fetch_logs.fetched_at > coalesce(calls.last_look, '-infinity')
          AND (
              SELECT starts_with(job_runs.reason, :by_hand)
              FROM operational.job_runs
              WHERE job_runs.id = fetch_logs.job_run_id
          )
        ORDER BY fetch_logs.fetched_at DESC
        LIMIT 1
    ) AS by_hand ON true
    LEFT JOIN LATERAL (
        SELECT responses.received_at, CAST(responses.parameters ->> 'daysFrom' AS integer) AS days
        FROM raw_data.api_responses AS responses
        WHERE responses.endpoint = :scores_endpoint
          AND responses.error IS NULL
          AND responses.parameters ->> 'daysFrom' IS NOT NULL
        ORDER BY responses.received_at DESC
        LIMIT 1
    ) AS scores ON true
    LEFT JOIN (
        SELECT credit_ledger.remaining, credit_ledger.used, credit_ledger.recorded_at
        FROM operational.credit_ledger
        WHERE credit_ledger.remaining IS NOT NULL
        ORDER BY credit_ledger.recorded_at DESC, credit_ledger.id DESC
        LIMIT 1
    ) AS balance ON true
)
SELECT
    told.last_look, told.fetched_at, told.markets, told.bookmakers, told.regions,
    told.last_scores_call, told.received_at, told.days, told.last_runs,
    told.remaining, told.used, told.recorded_at,
    open.ids, open.titles, open.home_teams, open.away_teams, open.commence_times, open.absent_looks
FROM told
CROSS JOIN (
    SELECT
        array_agg(id) AS ids, array_agg(sport_title) AS titles,
        array_agg(home_team) AS home_teams, array_agg(away_team) AS away_teams,
        array_agg(commence_time) AS commence_times, array_agg(absent_looks) AS absent_looks
    FROM (
        SELECT id, sport_title, home_team, away_team, commence_time, absent_looks
        FROM core_betting.events
        WHERE sport_key = :sport_key AND status IN ('scheduled', 'postponed', 'live')
          AND commence_time >= '1900-01-01T00:00:00Z' AND commence_time < '2200-01-01T00:00:00Z'
        ORDER BY commence_time, id
    ) AS events
) AS open
