CREATE FUNCTION core_betting.asked_market(market_key text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE market_key WHEN 'h2h_lay' THEN 'h2h' WHEN 'outrights_lay' THEN 'outrights' ELSE market_key END;

COMMENT ON FUNCTION core_betting.asked_market(text) IS
    'The market that a request names to get this one: lay markets come along with their own.';
