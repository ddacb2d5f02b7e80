-- Version 4: attempts besides requests. Lines of both are made again from the journal.
-- Every statement may run twice.

CREATE TABLE IF NOT EXISTS "attempt" (
  "position" BIGINT NOT NULL,
  "number" INTEGER NOT NULL,
  "state" VARCHAR(16) NOT NULL,
  "model" VARCHAR(200),
  "node" VARCHAR(63),
  "tier" VARCHAR(16),
  "strategy" VARCHAR(100),
  "failure" VARCHAR(32),
  "begun_at" BIGINT,
  "took_ms" BIGINT,
  "first_token_ms" BIGINT,
  "decode_ms" BIGINT,
  "prompt_tokens" BIGINT NOT NULL,
  "completion_tokens" BIGINT NOT NULL,
  "cost" DOUBLE PRECISION,
  PRIMARY KEY ("position", "number")
);

DELETE FROM "attempt";

DELETE FROM "request";

DELETE FROM "projection";
