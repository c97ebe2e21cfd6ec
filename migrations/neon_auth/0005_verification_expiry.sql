-- Every new code or link takes a few expired ones away with it; without an index each would read the whole table for that.
CREATE INDEX "verification_expiresAt_idx" ON neon_auth.verification ("expiresAt");
