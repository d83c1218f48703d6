-- The events of a free list's answer that are known, and the sport's others that are not over; beside each, when results
-- were last read, and from how many days back. Without an event there is a single row, of which its columns are NULL.
SELECT
    scores.received_at, scores.days,
    events.id, events.sport_key, events.sport_title, events.home_team, events.away_team,
    events.commence_time, events.commence_time_seen_at, events.first_commence_time, events.scheduled_commence_time,
    events.status, events.status_reason, events.status_changed_at, events.home_score, events.away_score,
    events.completed_at, events.first_seen_at, events.last_listed_at, events.absent_looks, events.absent_since
FROM (SELECT) AS single
LEFT JOIN LATERAL (
    SELECT responses.received_at, CAST(responses.parameters ->> 'daysFrom' AS integer) AS days
    FROM raw_data.api_responses AS responses
    WHERE responses.endpoint = :scores_endpoint
      AND responses.error IS NULL
      AND responses.parameters ->> 'daysFrom' IS NOT NULL
    ORDER BY responses.received_at DESC
    LIMIT 1
) AS scores ON true
LEFT JOIN core_betting.events AS events
    ON events.id = ANY (CAST(:event_ids AS text[]))
    OR (
        events.sport_key = :sport_key AND events.status IN ('scheduled', 'postponed', 'live')
        AND events.commence_time >= '1900-01-01T00:00:00Z' AND events.commence_time < '2200-01-01T00:00:00Z'
    )
