-- What was checked, what came of it and who confirmed is truth: added to and never changed.

CREATE TRIGGER handling_check_is_truth BEFORE UPDATE OR DELETE ON handling_check
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER handling_trigger_is_truth BEFORE UPDATE OR DELETE ON handling_trigger
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER handling_feedback_is_truth BEFORE UPDATE OR DELETE ON handling_feedback
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER handling_act_is_truth BEFORE UPDATE OR DELETE ON handling_act
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER handling_check_is_never_emptied BEFORE TRUNCATE ON handling_check
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER handling_trigger_is_never_emptied BEFORE TRUNCATE ON handling_trigger
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER handling_feedback_is_never_emptied BEFORE TRUNCATE ON handling_feedback
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER handling_act_is_never_emptied BEFORE TRUNCATE ON handling_act
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
