-- The journal is added to, then sealed; nothing in it is changed or removed.

CREATE FUNCTION refuse_journal_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.seal_id IS NULL AND NEW.seal_id IS NOT NULL
        AND to_jsonb(OLD) - 'seal_id' = to_jsonb(NEW) - 'seal_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the journal is append-only'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION refuse_seal_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is append-only'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER journal_entry_is_truth BEFORE UPDATE OR DELETE ON journal_entry
FOR EACH ROW EXECUTE FUNCTION refuse_journal_change();
CREATE TRIGGER journal_seal_is_truth BEFORE UPDATE OR DELETE ON journal_seal
FOR EACH ROW EXECUTE FUNCTION refuse_seal_change();
CREATE TRIGGER journal_entry_is_never_emptied BEFORE TRUNCATE ON journal_entry
FOR EACH STATEMENT EXECUTE FUNCTION refuse_seal_change();
CREATE TRIGGER journal_seal_is_never_emptied BEFORE TRUNCATE ON journal_seal
FOR EACH STATEMENT EXECUTE FUNCTION refuse_seal_change();
