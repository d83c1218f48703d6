-- The rows of analytics.closing_lines for the events that started in a time, of the sources asked for.
SELECT
    events.id AS event_id,
    events.sport_key,
    events.scheduled_commence_time AS commence_time,
    events.home_team,
    events.away_team,
    close.bookmaker_key,
    close.market_key,
    close.outcome_name,
    close.description,
    close.price,
    close.point,
    close.odds_timestamp,
    close.seen_at,
    close.is_valid,
    close.source
FROM core_betting.events
CROSS JOIN LATERAL core_betting.odds_at(events.id, 'infinity', CAST(:sources AS text[])) AS close
WHERE events.status IN ('live', 'final')
  AND events.scheduled_commence_time >= :start
  AND events.scheduled_commence_time < :end
  AND events.sport_key = COALESCE(CAST(:sport_key AS text), events.sport_key)
  AND close.market_key = COALESCE(CAST(:market_key AS text), close.market_key)
  AND close.bookmaker_key = COALESCE(CAST(:bookmaker_key AS text), close.bookmaker_key)
ORDER BY commence_time, event_id, bookmaker_key, market_key, outcome_name, description
