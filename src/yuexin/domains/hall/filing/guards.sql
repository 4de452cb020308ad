-- A draw that was announced, and what was drawn, is truth: added to and never changed.

CREATE TRIGGER draw_is_truth BEFORE UPDATE OR DELETE ON draw
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER draw_result_is_truth BEFORE UPDATE OR DELETE ON draw_result
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER draw_is_never_emptied BEFORE TRUNCATE ON draw
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER draw_result_is_never_emptied BEFORE TRUNCATE ON draw_result
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
