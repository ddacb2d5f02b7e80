-- Version 3: prompts and answers that are kept because somebody said so, and what people wrote
-- about answers. Both sealed; the key is not in the database. Every statement may run twice.

CREATE TABLE IF NOT EXISTS "content" (
  "id" VARCHAR(64) NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "source" VARCHAR(16) NOT NULL,
  "person" VARCHAR(64),
  "size" BIGINT NOT NULL,
  "key_id" VARCHAR(32) NOT NULL,
  "sealed" VARBINARY(1048576) NOT NULL
);

CREATE INDEX IF NOT EXISTS "content_by_time" ON "content" ("created_at", "id");

CREATE INDEX IF NOT EXISTS "content_by_person" ON "content" ("person");

CREATE TABLE IF NOT EXISTS "content_note" (
  "request_id" VARCHAR(64) NOT NULL PRIMARY KEY,
  "created_at" BIGINT NOT NULL,
  "person" VARCHAR(64),
  "key_id" VARCHAR(32) NOT NULL,
  "sealed" VARBINARY(1048576) NOT NULL
);
