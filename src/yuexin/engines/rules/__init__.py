"""What follows from what: conditions as SQL expressions over a record or a subject's whole file.

A condition is text of a declaration. It is read with SQLGlot, refused unless every token, node and
name is listed (`dialect`), checked for types and written anew (`render`), and only what we wrote is
run, in a DuckDB that reaches no file and no network (`session`). Two shapes: a record rule looks
at one record (`records`), a subject rule aggregates over all records of a subject (`subjects`).
One subject and all subjects take the same path.

NULL is unknown, never false. That holds inside aggregates too: a record of which it is unknown
whether it counts leaves the number open, and the verdict is given only if it is the same either
way. Whoever means "no value counts as none" writes `coalesce(penalty.fine_amount, 0)`.
"""
