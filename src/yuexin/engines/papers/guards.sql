-- What was issued is truth: added to and never changed.

CREATE TRIGGER signing_certificate_is_truth BEFORE UPDATE OR DELETE ON signing_certificate
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER issued_paper_is_truth BEFORE UPDATE OR DELETE ON issued_paper
FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER signing_certificate_is_never_emptied BEFORE TRUNCATE ON signing_certificate
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER issued_paper_is_never_emptied BEFORE TRUNCATE ON issued_paper
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
