-- The one place that tells a person's own name from a trade name, both in normal form.

CREATE FUNCTION is_persons_name(code text, name_key text, operator_key text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(starts_with(code, '92') AND name_key = operator_key, false);
