"""The temporary tables of placing: `stage` holds a batch of rows with all that placing needs."""

from __future__ import annotations

COPIED = (
    "row",
    "uscc",
    "org_code",
    "reg_no",
    "name",
    "name_key",
    "former_names",
    "reason",
    "entity_type",
    "city",
    "operator",
    "evidence",
    "source_key",
    "loose_key",
    "event_date",
    "valid_from",
    "valid_until",
    "start_given",
    "body",
    "shown_from",
    "shown_until",
    "term_class",
    "withheld",
    "public_body",
    "public_body_home",
)
SHARED = (
    "delivery",
    "agency",
    "lineage",
    "resource",
    "kind",
    "adverse",
    "state",
    "register",
    "repeated",
    "withdraws",
    "corrects",
    "known_at",
)
CARRIED = (*COPIED, *SHARED, "folded_in")

# What all rows of a delivery share stands as defaults; `content` is the digest of what a row says,
# `mention` of what it says of whom it is about (decision 23).
# A batch is read back at once, so its rows are not worth compressing.
CREATE_TEMPORARY = """
CREATE TEMP TABLE stage (
    row bigint, uscc text, org_code text, reg_no text,
    name text, name_key text, former_names text, reason text,
    entity_type text, city text, operator text, evidence text,
    source_key text, loose_key text, event_date date, valid_from date, valid_until date,
    start_given boolean, body text, shown_from date, shown_until date, term_class text,
    withheld text, public_body text, public_body_home text,
    delivery bigint DEFAULT {delivery}, agency text DEFAULT {agency},
    lineage text DEFAULT {lineage},
    resource text DEFAULT {resource}, kind text DEFAULT {kind},
    adverse boolean DEFAULT {adverse}, state boolean DEFAULT {state},
    register boolean DEFAULT {register}, repeated boolean DEFAULT {repeated},
    withdraws boolean DEFAULT {withdraws}, corrects bigint DEFAULT {corrects},
    known_at timestamptz DEFAULT {known_at}, folded_in bigint DEFAULT {delivery},
    content uuid GENERATED ALWAYS AS (digest_id(
        coalesce(uscc, '') || E'\\x1f' || coalesce(org_code, '') || E'\\x1f'
        || coalesce(reg_no, '') || E'\\x1f' || coalesce(name, '') || E'\\x1f'
        || coalesce(former_names, '') || E'\\x1f' || source_key || E'\\x1f' || body)) STORED,
    mention uuid GENERATED ALWAYS AS (digest_id(
        lineage || E'\\x1f' || coalesce(uscc, '') || E'\\x1f' || coalesce(org_code, '') || E'\\x1f'
        || coalesce(reg_no, '') || E'\\x1f' || coalesce(name_key, '') || E'\\x1f'
        || coalesce(evidence, ''))) STORED
) WITH (toast_tuple_target = 8160) ON COMMIT DROP;
CREATE TEMP TABLE touched (subject uuid PRIMARY KEY) ON COMMIT DROP;
CREATE TEMP TABLE regrouped (subject uuid PRIMARY KEY) ON COMMIT DROP;
"""
