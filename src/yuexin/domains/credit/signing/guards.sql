-- What was signed for at once, and how far it was carried out, is truth: added to, never changed.

CREATE TRIGGER signature_is_truth BEFORE UPDATE OR DELETE ON signature
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER signature_part_is_truth BEFORE UPDATE OR DELETE ON signature_part
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER signature_stop_is_truth BEFORE UPDATE OR DELETE ON signature_stop
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER signature_is_never_emptied BEFORE TRUNCATE ON signature
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER signature_part_is_never_emptied BEFORE TRUNCATE ON signature_part
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER signature_stop_is_never_emptied BEFORE TRUNCATE ON signature_stop
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
