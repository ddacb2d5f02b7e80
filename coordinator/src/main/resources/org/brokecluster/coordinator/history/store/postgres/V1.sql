-- Version 1: the journal as akka-persistence-jdbc 5 reads and writes it, and our own tables.
-- Every statement may run twice.

CREATE TABLE IF NOT EXISTS "event_journal" (
  "ordering" BIGSERIAL UNIQUE,
  "deleted" BOOLEAN DEFAULT FALSE NOT NULL,
  "persistence_id" VARCHAR(255) NOT NULL,
  "sequence_number" BIGINT NOT NULL,
  "writer" VARCHAR NOT NULL,
  "write_timestamp" BIGINT NOT NULL,
  "adapter_manifest" VARCHAR NOT NULL,
  "event_payload" BYTEA NOT NULL,
  "event_ser_id" INTEGER NOT NULL,
  "event_ser_manifest" VARCHAR NOT NULL,
  "meta_payload" BYTEA,
  "meta_ser_id" INTEGER,
  "meta_ser_manifest" VARCHAR,
  PRIMARY KEY ("persistence_id", "sequence_number")
);

CREATE TABLE IF NOT EXISTS "event_tag" (
  "event_id" BIGINT NOT NULL,
  "tag" VARCHAR NOT NULL,
  PRIMARY KEY ("event_id", "tag"),
  CONSTRAINT "fk_event_journal" FOREIGN KEY ("event_id")
    REFERENCES "event_journal" ("ordering") ON DELETE CASCADE
);

-- One line for each request; made from the journal and safe to throw away. The position grows with
-- the time the request came (milliseconds times 2^20, and something to tell equals apart), so that
-- lines are added at the end and "the latest" and "between two times" need no second index.
CREATE TABLE IF NOT EXISTS "request" (
  "position" BIGINT NOT NULL PRIMARY KEY,
  "request_id" VARCHAR(64) NOT NULL,
  "received_at" BIGINT NOT NULL,
  "state" VARCHAR(16) NOT NULL,
  "asked" VARCHAR(200),
  "api" VARCHAR(16),
  "streamed" BOOLEAN NOT NULL,
  "traffic_class" VARCHAR(16),
  "model" VARCHAR(200),
  "node" VARCHAR(63),
  "tier" VARCHAR(16),
  "strategy" VARCHAR(100),
  "quality" DOUBLE PRECISION,
  "attempts" INTEGER NOT NULL,
  "prompt_tokens" BIGINT NOT NULL,
  "completion_tokens" BIGINT NOT NULL,
  "cached_tokens" BIGINT NOT NULL,
  "queued_ms" BIGINT,
  "first_token_ms" BIGINT,
  "total_ms" BIGINT,
  "finish_reason" VARCHAR(32),
  "error" VARCHAR(1000),
  "term" BIGINT NOT NULL,
  "coordinator" VARCHAR(63) NOT NULL,
  "stored_in" VARCHAR(4000) NOT NULL
);

CREATE INDEX IF NOT EXISTS "request_by_id" ON "request" ("request_id");

-- How far the table above has come under each persistence id.
CREATE TABLE IF NOT EXISTS "projection" (
  "persistence_id" VARCHAR(255) NOT NULL PRIMARY KEY,
  "sequence_number" BIGINT NOT NULL,
  "last_number" BIGINT NOT NULL
);
