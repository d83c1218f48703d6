-- The first answer about odds of some sports, or of all, from some sources, and the last start of an event of those
-- that had one. A sport has tens of thousands of answers, so each is gone to by the index, from one sport to the next.
WITH RECURSIVE sports (sport_key) AS (
    SELECT min(logs.sport_key) FROM operational.fetch_logs AS logs
    UNION ALL
    SELECT (SELECT min(logs.sport_key) FROM operational.fetch_logs AS logs WHERE logs.sport_key > sports.sport_key)
    FROM sports
    WHERE sports.sport_key IS NOT NULL
)
SELECT min(first.fetched_at) AS first_at, max(last.start) AS last_start
FROM sports
CROSS JOIN LATERAL (
    SELECT logs.fetched_at
    FROM operational.fetch_logs AS logs
    WHERE logs.sport_key = sports.sport_key AND logs.source = ANY (CAST(:sources AS text[]))
    ORDER BY logs.sport_key, logs.fetched_at
    LIMIT 1
) AS first
CROSS JOIN LATERAL (
    SELECT max(events.scheduled_commence_time) AS start
    FROM core_betting.events
    WHERE events.sport_key = sports.sport_key
) AS last
WHERE sports.sport_key IS NOT NULL
  AND (CAST(:sports AS text[]) = '{}' OR sports.sport_key = ANY (CAST(:sports AS text[])))
