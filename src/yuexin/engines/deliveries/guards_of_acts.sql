-- What was done to deliveries later is truth, too: added to and never changed.

CREATE TRIGGER erasure_is_truth BEFORE UPDATE OR DELETE ON erasure
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER redaction_is_truth BEFORE UPDATE OR DELETE ON redaction
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER erased_page_is_truth BEFORE UPDATE OR DELETE ON erased_page
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER recount_is_truth BEFORE UPDATE OR DELETE ON recount
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reading_is_truth BEFORE UPDATE OR DELETE ON reading
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER erasure_is_never_emptied BEFORE TRUNCATE ON erasure
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER redaction_is_never_emptied BEFORE TRUNCATE ON redaction
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER erased_page_is_never_emptied BEFORE TRUNCATE ON erased_page
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER recount_is_never_emptied BEFORE TRUNCATE ON recount
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER reading_is_never_emptied BEFORE TRUNCATE ON reading
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
