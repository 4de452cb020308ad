-- The identity functions of yuexin.base.digest, in SQL.
-- tests/laws holds both sides equal.

CREATE FUNCTION digest_id(said text) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN encode(substring(sha256(convert_to(said, 'UTF8')) FROM 1 FOR 16), 'hex')::uuid;

CREATE FUNCTION anchor_id(scheme text, code text) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN digest_id(scheme || E'\n' || code);

CREATE FUNCTION record_id(subject uuid, kind text, source_key text, version integer) RETURNS uuid
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN digest_id(subject::text || E'\n' || kind || E'\n' || source_key || E'\n' || version::text);
