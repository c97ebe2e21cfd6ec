-- What all nodes count together: requests per client and path, tries per account, mails per mailbox. After a crash of the database it is
-- empty: limits then count anew, and no commit waits for the disk. Keys are HMACs: no address of anybody stands here.
CREATE UNLOGGED TABLE argonauth.limit_counter (
    key bytea PRIMARY KEY,
    count integer NOT NULL DEFAULT 0,
    -- The newest few moments, where each counts for itself.
    stamps timestamptz[] NOT NULL DEFAULT '{}',
    -- From then on the row says nothing. Not indexed, so that a count is a change within its page.
    forget_at timestamptz NOT NULL
) WITH (fillfactor = 60);
