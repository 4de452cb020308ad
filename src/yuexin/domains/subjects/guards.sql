-- What was judged is truth: rows are added and never changed.

CREATE TRIGGER judgement_is_truth BEFORE UPDATE OR DELETE ON judgement
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER judgement_is_never_emptied BEFORE TRUNCATE ON judgement
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
