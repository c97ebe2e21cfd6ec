-- One person at a provider is one account here. Databases that came from elsewhere may hold duplicates, which nobody but their owner can
-- tell apart: there the index only finds accounts, and a lock at the time of the sign-in keeps new duplicates away.
DO $$
BEGIN
    IF EXISTS (SELECT FROM neon_auth.account GROUP BY "providerId", "accountId" HAVING count(*) > 1) THEN
        CREATE INDEX "account_providerId_accountId_idx" ON neon_auth.account ("providerId", "accountId");
    ELSE
        CREATE UNIQUE INDEX "account_providerId_accountId_key" ON neon_auth.account ("providerId", "accountId");
    END IF;
END $$;
