-- Every game that may be decided in a time: one of its starts, as ever known, lies in it. With all its starts, statuses
-- and scores, and when each became known. A season has a thousand of them: each list is one array.
SELECT
    events.id,
    events.sport_key,
    events.home_team,
    events.away_team,
    starts.seen_at AS starts_seen_at,
    starts.commence_time AS commence_times,
    statuses.changed_at AS statuses_changed_at,
    statuses.status AS statuses,
    statuses.home_score AS home_scores,
    statuses.away_score AS away_scores
FROM core_betting.events
CROSS JOIN LATERAL (
    SELECT
        array_agg(changes.seen_at ORDER BY changes.seen_at) AS seen_at,
        array_agg(changes.commence_time ORDER BY changes.seen_at) AS commence_time
    FROM core_betting.commence_time_changes AS changes
    WHERE changes.event_id = events.id
) AS starts
CROSS JOIN LATERAL (
    SELECT
        array_agg(changes.changed_at ORDER BY changes.id) AS changed_at,
        array_agg(changes.status ORDER BY changes.id) AS status,
        array_agg(changes.home_score ORDER BY changes.id) AS home_score,
        array_agg(changes.away_score ORDER BY changes.id) AS away_score
    FROM core_betting.event_status_changes AS changes
    WHERE changes.event_id = events.id
) AS statuses
WHERE events.id IN (
    SELECT changes.event_id
    FROM core_betting.commence_time_changes AS changes
    WHERE changes.commence_time >= :first_start AND changes.commence_time <= :last_start
)
  AND (CAST(:sports AS text[]) = '{}' OR events.sport_key = ANY (CAST(:sports AS text[])))
  AND events.home_team IS NOT NULL
  AND events.away_team IS NOT NULL
ORDER BY events.id
