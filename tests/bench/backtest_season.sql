-- Seasons of games as collecting leaves them, made up: h2h, spreads and totals at eight bookmakers, so 48 quotes at a
-- decision, four changes of each price, 30 looks at a game, and a result. SEASONS is their number, GAMES that of the games in each.
CREATE TEMP TABLE games AS
SELECT
    'season' || lpad(season::text, 2, '0') || 'game' || lpad(game::text, 20, '0') AS id,
    timestamptz '2015-10-20 22:00Z' + season * interval '1 year'
        + game * 165 / GAMES * interval '1 day' + game % 8 * interval '30 minutes' AS start,
    'Team ' || game % 30 AS home,
    'Team ' || (game % 30 + 1 + game % 29) % 30 AS away,
    game
FROM generate_series(0, SEASONS - 1) AS season, generate_series(0, GAMES - 1) AS game;
INSERT INTO raw_data.request_scopes (markets, bookmakers, regions) VALUES ('{h2h,spreads,totals}', '{}', '{us}');
INSERT INTO core_betting.bookmakers (key, title, first_seen_at)
SELECT key, key, timestamptz '2015-01-01Z'
FROM unnest('{betmgm,betrivers,bovada,draftkings,fanatics,fanduel,lowvig,pinnacle}'::text[]) AS key;
INSERT INTO core_betting.events (
    id, sport_key, sport_title, home_team, away_team, commence_time, commence_time_seen_at, first_commence_time,
    scheduled_commence_time, status, status_reason, status_changed_at, home_score, away_score, completed_at,
    first_seen_at, last_listed_at, absent_looks
)
SELECT
    id, 'basketball_nba', 'NBA', home, away, start, start, start, start, 'final', 'made up', start + interval '150 minutes',
    100 + game % 17, 98 + game % 19, start + interval '150 minutes', start - interval '3 days', start, 0
FROM games;
INSERT INTO core_betting.commence_time_changes (event_id, seen_at, commence_time)
SELECT id, start - interval '3 days', start FROM games;
INSERT INTO core_betting.event_status_changes (event_id, changed_at, status, home_score, away_score, reason)
SELECT id, start - interval '3 days', 'scheduled', NULL::integer, NULL::integer, 'made up' FROM games
UNION ALL
SELECT id, start + interval '150 minutes', 'final', 100 + game % 17, 98 + game % 19, 'made up' FROM games;
INSERT INTO raw_data.odds_snapshots (
    snapshot_time, commence_time, event_id, scope_id, source, validation, bookmaker_count, fetch_tier,
    hours_until_commence, listing_digest, raw_data
)
SELECT
    start - look * interval '1 hour' + interval '55 minutes', start, id, 1, 'live', 'mark', 8, 'closing', look, '\x00', '{}'
FROM games, generate_series(1, 30) AS look;
INSERT INTO operational.fetch_logs (
    fetched_at, sport_key, source, event_count, in_play_count, snapshot_count, quotes_seen, quotes_stored, malformed_count,
    issues_opened, issues_closed
)
SELECT snapshot_time, 'basketball_nba', 'live', count(*), 0, count(*), 48 * count(*), 0, 0, 0, 0
FROM raw_data.odds_snapshots GROUP BY snapshot_time;
INSERT INTO core_betting.event_bookmaker_regions (event_id, source, region, bookmaker_key, first_seen_at)
SELECT id, 'live', 'us', key, start - interval '3 days' FROM games, core_betting.bookmakers;
INSERT INTO core_betting.selections (event_id, source, bookmaker_key, market_key, outcome_name)
SELECT
    id, 'live', key, market,
    CASE WHEN market = 'totals' THEN CASE outcome WHEN 0 THEN 'Over' ELSE 'Under' END ELSE CASE outcome WHEN 0 THEN home ELSE away END END
FROM games, core_betting.bookmakers, unnest('{h2h,spreads,totals}'::text[]) AS market, generate_series(0, 1) AS outcome;
INSERT INTO core_betting.quotes (snapshot_id, odds_timestamp, selection_id, price, point, last_update)
SELECT
    1, start - change * interval '3 hours' + interval '55 minutes', selections.id, -105 - (selections.id * 7 + change) % 20,
    CASE market_key
        WHEN 'totals' THEN 220.5
        WHEN 'spreads' THEN CASE WHEN outcome_name = home THEN -3.5 ELSE 3.5 END
    END,
    start - change * interval '3 hours'
FROM core_betting.selections JOIN games ON games.id = selections.event_id, generate_series(1, 4) AS change;
ANALYZE;
