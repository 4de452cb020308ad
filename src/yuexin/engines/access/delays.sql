-- Which looks were kept from whom, and who approved it: added to and never changed.

CREATE TRIGGER look_delay_is_truth BEFORE UPDATE OR DELETE ON look_delay
FOR EACH ROW EXECUTE FUNCTION refuse_grant_change();
CREATE TRIGGER look_delay_is_never_emptied BEFORE TRUNCATE ON look_delay
FOR EACH STATEMENT EXECUTE FUNCTION refuse_grant_change();
