-- Who somebody is, as it was verified: never changed or removed, but that an erasure empties a row.

CREATE FUNCTION refuse_identity_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL
        AND to_jsonb(OLD) - '{erased_at,name,number,digest}'::text[]
            = to_jsonb(NEW) - '{erased_at,name,number,digest}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER person_identity_is_truth BEFORE UPDATE OR DELETE ON person_identity
FOR EACH ROW EXECUTE FUNCTION refuse_identity_change();
CREATE TRIGGER person_identity_is_never_emptied BEFORE TRUNCATE ON person_identity
FOR EACH STATEMENT EXECUTE FUNCTION refuse_grant_change();
