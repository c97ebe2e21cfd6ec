-- Lists of teams are read in parts, each where the one before ended.
CREATE INDEX team_created_idx ON stack_auth.team (created_at, id);
