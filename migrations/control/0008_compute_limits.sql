-- What clients asked for as the size of a compute, in thousandths of a unit: kept to be shown, without effect.
ALTER TABLE argonauth.endpoint
    ADD COLUMN min_compute_millis integer NOT NULL DEFAULT 250,
    ADD COLUMN max_compute_millis integer NOT NULL DEFAULT 250;
