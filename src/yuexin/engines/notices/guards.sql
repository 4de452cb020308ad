-- What was told, and what became of it, is truth: added to and never changed.

CREATE TRIGGER notice_is_truth BEFORE UPDATE OR DELETE ON notice
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER notice_attempt_is_truth BEFORE UPDATE OR DELETE ON notice_attempt
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER notice_is_never_emptied BEFORE TRUNCATE ON notice
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER notice_attempt_is_never_emptied BEFORE TRUNCATE ON notice_attempt
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
