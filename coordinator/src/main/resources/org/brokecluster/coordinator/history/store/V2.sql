-- Version 2: more columns for questions, people, and a number that tells two coordinators on one
-- server that the other has written. Lines of requests are made again from the journal.
-- Every statement may run twice.

DROP TABLE IF EXISTS "request";

DELETE FROM "projection";

CREATE TABLE "request" (
  "position" BIGINT NOT NULL PRIMARY KEY,
  "request_id" VARCHAR(64) NOT NULL,
  "received_at" BIGINT NOT NULL,
  "state" VARCHAR(16) NOT NULL,
  "asked" VARCHAR(200),
  "api" VARCHAR(16),
  "streamed" BOOLEAN NOT NULL,
  "traffic_class" VARCHAR(16),
  "person" VARCHAR(64),
  "role" VARCHAR(100),
  "action" VARCHAR(100),
  "model" VARCHAR(200),
  "node" VARCHAR(63),
  "tier" VARCHAR(16),
  "strategy" VARCHAR(100),
  "quality" DOUBLE PRECISION,
  "quality_basis" VARCHAR(32),
  "complexity" DOUBLE PRECISION,
  "attempts" INTEGER NOT NULL,
  "rescued" BOOLEAN NOT NULL,
  "prompt_tokens" BIGINT NOT NULL,
  "completion_tokens" BIGINT NOT NULL,
  "cached_tokens" BIGINT NOT NULL,
  "queued_ms" BIGINT,
  "first_token_ms" BIGINT,
  "total_ms" BIGINT,
  "decode_ms" BIGINT,
  "predicted_first_ms" BIGINT,
  "predicted_total_ms" BIGINT,
  "finish_reason" VARCHAR(32),
  "failure" VARCHAR(32),
  "error" VARCHAR(1000),
  "rating" INTEGER,
  "term" BIGINT NOT NULL,
  "coordinator" VARCHAR(63) NOT NULL,
  "stored_in" VARCHAR(4000) NOT NULL
);

CREATE INDEX "request_by_id" ON "request" ("request_id");

-- Who is behind an opaque id of the events; one person may have several. Deleting a person's lines
-- leaves events that name nobody.
CREATE TABLE IF NOT EXISTS "person" (
  "id" VARCHAR(64) NOT NULL PRIMARY KEY,
  "name" VARCHAR(200) NOT NULL,
  "first_seen" BIGINT NOT NULL
);

CREATE INDEX IF NOT EXISTS "person_by_name" ON "person" ("name");

CREATE TABLE IF NOT EXISTS "projection_revision" (
  "id" INTEGER NOT NULL PRIMARY KEY,
  "revision" BIGINT NOT NULL
);

INSERT INTO "projection_revision" ("id", "revision")
  SELECT 1, 0 WHERE NOT EXISTS (SELECT 1 FROM "projection_revision");
