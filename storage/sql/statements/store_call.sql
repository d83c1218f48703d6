-- Log one answered call and what it cost, and settle what was set aside for it.
WITH call AS (
    INSERT INTO raw_data.api_responses (
        job_run_id, received_at, duration_ms, status, byte_count, endpoint, parameters, headers, sha256, error, body
    )
    VALUES (
        CAST(:job_run_id AS bigint), CAST(CAST(:received_at AS text) AS timestamptz),
        CAST(:duration_ms AS double precision), CAST(:status AS integer), CAST(:byte_count AS integer),
        CAST(:endpoint AS text), CAST(CAST(:parameters AS text) AS jsonb), CAST(CAST(:headers AS text) AS jsonb),
        CAST(:sha256 AS bytea), CAST(:error AS text), CAST(:body AS bytea)
    )
), settled AS (
    UPDATE operational.credit_reservations
    SET settled_at = CAST(CAST(:received_at AS text) AS timestamptz)
    WHERE id = CAST(:reservation AS bigint)
)
INSERT INTO operational.credit_ledger (job_run_id, recorded_at, endpoint, expected, charged, remaining, used)
VALUES (
    CAST(:job_run_id AS bigint), CAST(CAST(:received_at AS text) AS timestamptz), CAST(:endpoint AS text),
    CAST(:expected AS integer), CAST(:charged AS integer), CAST(:remaining AS bigint), CAST(:used AS bigint)
)
