-- What clients asked for as region and provisioner: kept to be shown, without effect. A tool that compares what it wrote with what it
-- reads would otherwise replace the project again and again. The region of an endpoint is that of its project, for good.
ALTER TABLE argonauth.project
    ADD COLUMN provisioner text NOT NULL DEFAULT 'local';
ALTER TABLE argonauth.endpoint
    ADD COLUMN region_id text NOT NULL DEFAULT 'local',
    ADD COLUMN provisioner text NOT NULL DEFAULT 'local';
UPDATE argonauth.endpoint e SET region_id = p.region_id FROM argonauth.project p WHERE p.id = e.project_id AND p.region_id <> 'local';
