-- Who may do what. Roles belong to the whole server: one that is there already, made by another database of it, is
-- left as it is, and only what it may do here is granted. A new one cannot log in until it gets a password.
-- An owner who may not make roles gets a notice, and can run this again when somebody has made them.
-- What is granted here is all there is: raw data, results and backtests are only ever added to.
DO $$
DECLARE
    role_name text;
    role_settings text;
    setting text;
BEGIN
    FOR role_name, role_settings IN VALUES
        ('linekeeper_collector', 'statement_timeout=30s,lock_timeout=10s,idle_in_transaction_session_timeout=60s'),
        ('linekeeper_scores', 'statement_timeout=30s,lock_timeout=10s,idle_in_transaction_session_timeout=60s'),
        ('linekeeper_status', 'statement_timeout=30s,lock_timeout=10s,idle_in_transaction_session_timeout=60s'),
        ('linekeeper_monitor', 'statement_timeout=10s,lock_timeout=5s,idle_in_transaction_session_timeout=30s'),
        ('linekeeper_backtest', 'statement_timeout=10min,lock_timeout=10s,idle_in_transaction_session_timeout=15min'),
        ('linekeeper_analyst', 'statement_timeout=5min,lock_timeout=5s,idle_in_transaction_session_timeout=10min,default_transaction_read_only=on')
    LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I NOLOGIN', role_name);
            FOREACH setting IN ARRAY string_to_array(role_settings, ',') LOOP
                EXECUTE format('ALTER ROLE %I SET %s = %L', role_name, split_part(setting, '=', 1), split_part(setting, '=', 2));
            END LOOP;
        EXCEPTION
            WHEN duplicate_object OR unique_violation THEN NULL;
            WHEN insufficient_privilege THEN RAISE NOTICE '% may not make the role %', current_user, role_name;
        END;
    END LOOP;
END
$$;

DO $$
DECLARE
    wanted record;
BEGIN
    FOR wanted IN
        SELECT roles.rolname, granted.privileges, granted.relation
        FROM (VALUES
            -- A run takes its slot and its turn, sets credits aside, and records calls, issues and what it learned.
            ('collector,scores,status', 'SELECT, INSERT, UPDATE', 'operational.job_runs'),
            ('collector,scores,status', 'SELECT, INSERT, UPDATE', 'operational.job_leases'),
            ('collector,scores,status', 'SELECT, INSERT, UPDATE (settled_at)', 'operational.credit_reservations'),
            ('collector,scores,status', 'SELECT, INSERT, UPDATE (closed_at)', 'operational.data_quality_logs'),
            ('collector,scores,status', 'SELECT, INSERT', 'operational.credit_ledger'),
            ('collector,scores,status', 'SELECT, INSERT', 'raw_data.api_responses'),
            ('collector,scores,status', 'SELECT, INSERT, UPDATE', 'core_betting.events'),
            ('collector,scores,status', 'SELECT, INSERT', 'core_betting.commence_time_changes'),
            ('collector,scores,status', 'SELECT, INSERT', 'core_betting.event_status_changes'),
            ('scores,status', 'SELECT', 'operational.fetch_logs'),
            ('status', 'SELECT', 'raw_data.odds_snapshots'),
            -- Odds: raw snapshots are added; the quotes of an event are made anew where one of them came late.
            ('collector', 'SELECT, INSERT', 'operational.fetch_logs'),
            ('collector', 'SELECT, INSERT', 'raw_data.request_scopes'),
            ('collector', 'SELECT, INSERT', 'raw_data.odds_snapshots'),
            ('collector', 'SELECT, INSERT, UPDATE (title)', 'core_betting.bookmakers'),
            ('collector', 'SELECT, INSERT, DELETE', 'core_betting.selections'),
            ('collector', 'SELECT, INSERT, DELETE', 'core_betting.quotes'),
            ('collector', 'SELECT, INSERT, DELETE', 'core_betting.event_bookmaker_regions'),
            -- The heartbeat plans what is missing, and ends the runs whose turn is over.
            ('monitor', 'SELECT, UPDATE (outcome, finished_at, reason)', 'operational.job_runs'),
            ('monitor', 'SELECT', 'operational.job_leases'),
            ('monitor', 'SELECT', 'operational.fetch_logs'),
            ('monitor', 'SELECT', 'operational.credit_ledger'),
            ('monitor', 'SELECT', 'raw_data.api_responses'),
            ('monitor', 'SELECT', 'core_betting.events'),
            -- A backtest keeps its results.
            ('backtest', 'INSERT', 'analytics.backtest_runs'),
            ('backtest', 'INSERT', 'analytics.backtest_bets')
        ) AS granted (logins, privileges, relation)
        JOIN pg_roles AS roles ON roles.rolname = ANY (
            SELECT 'linekeeper_' || login FROM unnest(string_to_array(granted.logins, ',')) AS login
        )
    LOOP
        EXECUTE format('GRANT %s ON %s TO %I', wanted.privileges, wanted.relation, wanted.rolname);
    END LOOP;

    FOR wanted IN SELECT rolname FROM pg_roles WHERE rolname IN (
        'linekeeper_collector', 'linekeeper_scores', 'linekeeper_status', 'linekeeper_monitor'
    ) LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA raw_data, core_betting, operational TO %I', wanted.rolname);
    END LOOP;

    FOR wanted IN SELECT rolname FROM pg_roles WHERE rolname IN ('linekeeper_backtest', 'linekeeper_analyst') LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA raw_data, core_betting, analytics, operational TO %I', wanted.rolname);
        EXECUTE format('GRANT SELECT ON ALL TABLES IN SCHEMA raw_data, core_betting, analytics, operational TO %I', wanted.rolname);
    END LOOP;
END
$$;
