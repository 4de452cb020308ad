-- In which order names are found: who stands first, then by capital, kind and age. Small is first.
-- Pure: today does not enter, so that living rows and rebuilt ones are equal.

CREATE FUNCTION prominence(ended boolean, capital text, est_date date, sole_trader boolean)
RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (CASE WHEN ended THEN 512 ELSE 0 END + 511
    - 16 * width_bucket(coalesce(capital::float8, 0), '{10000,20000,40000,80000,160000,320000,640000,1280000,2560000,5120000,10240000,20480000,40960000,81920000,163840000,327680000,655360000,1310720000,2621440000,5242880000}'::float8[])
    - CASE WHEN sole_trader THEN 0 ELSE 64 END
    - 3 * least(40, greatest(0, 2030 - coalesce(extract(year FROM est_date)::integer, 2030)))
    )::smallint;

-- A name that ended comes after those in force of subjects about as prominent; of two that are
-- alike, the shorter one comes first.
CREATE FUNCTION name_rank(prominence smallint, ended boolean, key text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ((prominence + CASE WHEN ended THEN 96 ELSE 0 END) << 8) | least(255, length(key));
