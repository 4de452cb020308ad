-- What was granted, issued and ended is added to and never changed. Ends are rows of their own.

CREATE FUNCTION refuse_grant_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER access_grant_is_truth BEFORE UPDATE OR DELETE ON access_grant
FOR EACH ROW EXECUTE FUNCTION refuse_grant_change();
CREATE TRIGGER access_grant_end_is_truth BEFORE UPDATE OR DELETE ON access_grant_end
FOR EACH ROW EXECUTE FUNCTION refuse_grant_change();
CREATE TRIGGER access_key_is_truth BEFORE UPDATE OR DELETE ON access_key
FOR EACH ROW EXECUTE FUNCTION refuse_grant_change();
CREATE TRIGGER access_key_end_is_truth BEFORE UPDATE OR DELETE ON access_key_end
FOR EACH ROW EXECUTE FUNCTION refuse_grant_change();
CREATE TRIGGER access_grant_is_never_emptied BEFORE TRUNCATE ON access_grant
FOR EACH STATEMENT EXECUTE FUNCTION refuse_grant_change();
CREATE TRIGGER access_grant_end_is_never_emptied BEFORE TRUNCATE ON access_grant_end
FOR EACH STATEMENT EXECUTE FUNCTION refuse_grant_change();
CREATE TRIGGER access_key_is_never_emptied BEFORE TRUNCATE ON access_key
FOR EACH STATEMENT EXECUTE FUNCTION refuse_grant_change();
CREATE TRIGGER access_key_end_is_never_emptied BEFORE TRUNCATE ON access_key_end
FOR EACH STATEMENT EXECUTE FUNCTION refuse_grant_change();
