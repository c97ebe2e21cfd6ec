-- What became of each event, attempt by attempt, and what an operator asked for afterwards.
ALTER TABLE neon_auth.argonauth_webhook_delivery
    -- The last twenty attempts: [{"number", "at", "duration_ms", "response_status", "error", "answer"}, ...]
    ADD COLUMN attempt_log jsonb NOT NULL DEFAULT '[]',
    -- The attempt after this time is the last one. A redelivery has a day of its own, and starts its waits anew.
    ADD COLUMN give_up_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP + interval '24 hours',
    ADD COLUMN earlier_attempts integer NOT NULL DEFAULT 0,
    ADD COLUMN is_test boolean NOT NULL DEFAULT false;
