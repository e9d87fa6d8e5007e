--: all_documents() -> programme, version, kind, digest, file, source, rules
-- Every released version of every document, oldest first.
SELECT programme, version, kind, digest, file, source, rules FROM releases_document ORDER BY programme, version;

--: add_document(programme text, version integer, kind text, from_day date, until_day date, rules bigint, digest text, file text, source text, released_at timestamptz) -> programme
-- Release one version. The same version or the same content again fails the whole.
INSERT INTO releases_document (programme, version, kind, from_day, until_day, rules, digest, file, source, released_at)
VALUES ($1::text, $2::integer, $3::text, $4::date, $5::date, $6::bigint, $7::text, $8::text, $9::text, $10::timestamptz)
RETURNING programme;
