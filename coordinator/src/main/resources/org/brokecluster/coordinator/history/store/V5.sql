-- Version 5: what each attempt promised of its answer. Lines of requests and attempts are made again
-- from the journal. Every statement may run twice.

ALTER TABLE "attempt" ADD COLUMN IF NOT EXISTS "quality" DOUBLE PRECISION;

ALTER TABLE "attempt" ADD COLUMN IF NOT EXISTS "quality_basis" VARCHAR(32);

DELETE FROM "attempt";

DELETE FROM "request";

DELETE FROM "projection";
