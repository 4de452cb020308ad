-- The one place that tells a person's own name from a trade name, both in normal form.

CREATE FUNCTION is_persons_name(sole_trader boolean, name_key text, operator_key text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(sole_trader AND name_key = operator_key, false);
