-- Truth is added to and never changed: deliveries, receipts, adoptions.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER delivery_is_truth BEFORE UPDATE OR DELETE ON delivery
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER receipt_is_truth BEFORE UPDATE OR DELETE ON receipt
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER adoption_is_truth BEFORE UPDATE OR DELETE ON adoption
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER delivery_is_never_emptied BEFORE TRUNCATE ON delivery
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER receipt_is_never_emptied BEFORE TRUNCATE ON receipt
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER adoption_is_never_emptied BEFORE TRUNCATE ON adoption
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
