-- What was done in a case is truth: added to and never changed.

CREATE TRIGGER case_act_is_truth BEFORE UPDATE OR DELETE ON case_act
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER case_paper_is_truth BEFORE UPDATE OR DELETE ON case_paper
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER case_effect_is_truth BEFORE UPDATE OR DELETE ON case_effect
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER case_act_is_never_emptied BEFORE TRUNCATE ON case_act
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER case_paper_is_never_emptied BEFORE TRUNCATE ON case_paper
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER case_effect_is_never_emptied BEFORE TRUNCATE ON case_effect
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
