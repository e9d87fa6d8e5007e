-- Written by `python -m onecard.db.dump` from the migrations; never edited.

CREATE FUNCTION public.audit_cut_off(erased bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM audit_entry WHERE subject = erased AND act = 'residents.cut-off') THEN
        RAISE EXCEPTION 'that this person is to be erased is not on record';
    END IF;
    DELETE FROM cards_state WHERE key = ANY (ARRAY(SELECT key FROM cards_credential WHERE subject = erased));
    DELETE FROM cards_credential WHERE subject = erased;
    DELETE FROM cards_pseudonym WHERE subject = erased;
    DELETE FROM cards_account WHERE subject = erased;
    DELETE FROM cards_binding WHERE subject = erased;
    DELETE FROM cards_card WHERE subject = erased;
END
$$;

CREATE FUNCTION public.audit_erase(erased bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM audit_entry WHERE subject = erased AND kind = 'erasure') THEN
        RAISE EXCEPTION 'no erasure of this person is on record';
    END IF;
    DELETE FROM people_scope WHERE subject = erased;
    DELETE FROM people_number WHERE subject = erased;
    DELETE FROM people_identity WHERE subject = erased;
    DELETE FROM people_fact WHERE subject = erased;
    DELETE FROM people_subject WHERE subject = erased;
END
$$;

CREATE FUNCTION public.db_must(got bigint, want bigint) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
BEGIN
    IF got IS DISTINCT FROM want THEN
        RAISE EXCEPTION USING ERRCODE = 'OC001', MESSAGE = format('wrote %s of %s rows', got, want);
    END IF;
    RETURN true;
END
$$;

CREATE FUNCTION public.db_regions() RETURNS text[]
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN string_to_array(NULLIF(current_setting('onecard.regions'::text, true), ''::text), ','::text);

CREATE FUNCTION public.db_unplaced() RETURNS boolean
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE((current_setting('onecard.unplaced'::text, true) = 'yes'::text), false);

CREATE FUNCTION public.oc_distribute(table_name text, column_name text, colocate text) RETURNS void
    LANGUAGE plpgsql
    AS $_$
BEGIN
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
        EXECUTE 'SELECT create_distributed_table($1::regclass, $2, colocate_with => $3)'
            USING table_name, column_name, coalesce(colocate, 'none');
    END IF;
END
$_$;

CREATE FUNCTION public.oc_reference(table_name text) RETURNS void
    LANGUAGE plpgsql
    AS $_$
BEGIN
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
        EXECUTE 'SELECT create_reference_table($1::regclass)' USING table_name;
    END IF;
END
$_$;

CREATE FUNCTION public.payouts_key_cycle(keyed text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $$
DECLARE
    name text := 'payouts_line_' || left(md5(keyed), 16);
BEGIN
    IF to_regclass(name || '_pkey') IS NOT NULL THEN
        RETURN false;
    END IF;
    EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %I PRIMARY KEY (roster, seq, subject)', name, name || '_pkey');
    EXECUTE format('CREATE UNIQUE INDEX %I ON %I (subject, operator) WHERE state NOT IN (''excluded'', ''waived'')', name || '_once', name);
    RETURN true;
END
$$;

CREATE FUNCTION public.payouts_open_cycle(opened text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    AS $_$
DECLARE
    name text := 'payouts_line_' || left(md5(opened), 16);
BEGIN
    IF opened !~ '^[a-z0-9-]{1,64}[.][0-9]{4}(-[a-zQ0-9]{1,6})?$' THEN
        RAISE EXCEPTION 'a cycle is PROGRAMME.PERIOD';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('payouts_line', 0));
    IF to_regclass(name) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF payouts_line FOR VALUES IN (%L)', name, opened);
        EXECUTE format('CREATE TABLE %I PARTITION OF payouts_event FOR VALUES IN (%L)',
            'payouts_event_' || left(md5(opened), 16), opened);
        RETURN true;
    END IF;
    RETURN false;
END
$_$;

CREATE TABLE public.audit_alarm (
    ref uuid NOT NULL,
    kind text NOT NULL,
    at timestamp with time zone NOT NULL,
    person text NOT NULL,
    detail text NOT NULL,
    region text NOT NULL,
    CONSTRAINT audit_alarm_kind_check CHECK ((kind = ANY (ARRAY['canary'::text, 'budget'::text, 'witness'::text])))
);

CREATE VIEW public.audit_alarm_v1 WITH (security_invoker='true') AS
 SELECT ref,
    kind,
    at,
    person,
    detail,
    region
   FROM public.audit_alarm;

CREATE TABLE public.audit_canary (
    mark bytea NOT NULL,
    since timestamp with time zone NOT NULL,
    CONSTRAINT audit_canary_mark_check CHECK ((octet_length(mark) = 32))
);

CREATE TABLE public.audit_entry (
    entry uuid NOT NULL,
    at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    person text NOT NULL,
    account text NOT NULL,
    as_person text NOT NULL,
    roles text[] NOT NULL,
    purpose text NOT NULL,
    act text NOT NULL,
    object text NOT NULL,
    region text NOT NULL,
    subject bigint,
    result text NOT NULL,
    content jsonb NOT NULL,
    salt bytea NOT NULL,
    CONSTRAINT audit_entry_act_check CHECK ((length(act) <= 64)),
    CONSTRAINT audit_entry_kind_check CHECK ((kind = ANY (ARRAY['look'::text, 'change'::text, 'erasure'::text]))),
    CONSTRAINT audit_entry_object_check CHECK ((length(object) <= 200)),
    CONSTRAINT audit_entry_purpose_check CHECK ((length(purpose) <= 200)),
    CONSTRAINT audit_entry_result_check CHECK ((length(result) <= 64)),
    CONSTRAINT audit_entry_salt_check CHECK ((octet_length(salt) = 16))
);

CREATE VIEW public.audit_entry_v1 WITH (security_invoker='true') AS
 SELECT entry,
    at,
    kind,
    person,
    account,
    as_person,
    roles,
    purpose,
    act,
    object,
    region,
    subject,
    result,
    content
   FROM public.audit_entry;

CREATE TABLE public.audit_head (
    size bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    root bytea NOT NULL,
    note text NOT NULL,
    witnessed_at timestamp with time zone,
    CONSTRAINT audit_head_root_check CHECK ((octet_length(root) = 32)),
    CONSTRAINT audit_head_size_check CHECK ((size > 0))
);

CREATE VIEW public.audit_head_v1 AS
 SELECT size,
    at,
    root,
    note,
    witnessed_at
   FROM public.audit_head;

CREATE TABLE public.audit_log (
    "position" bigint NOT NULL,
    kind text NOT NULL,
    ref uuid NOT NULL,
    leaf bytea NOT NULL,
    above bytea NOT NULL,
    CONSTRAINT audit_log_above_check CHECK (((octet_length(above) % 32) = 0)),
    CONSTRAINT audit_log_kind_check CHECK ((kind = ANY (ARRAY['batch'::text, 'people'::text, 'look'::text, 'change'::text, 'erasure'::text]))),
    CONSTRAINT audit_log_leaf_check CHECK ((octet_length(leaf) = 32)),
    CONSTRAINT audit_log_position_check CHECK (("position" >= 0))
);

CREATE VIEW public.audit_log_v1 AS
 SELECT "position",
    kind,
    ref,
    leaf,
    above
   FROM public.audit_log;

CREATE TABLE public.cards_account (
    subject bigint NOT NULL,
    number_key bytea NOT NULL,
    since timestamp with time zone NOT NULL,
    bank text NOT NULL,
    key_id text NOT NULL,
    sealed bytea NOT NULL,
    CONSTRAINT cards_account_number_key_check CHECK ((octet_length(number_key) = 32))
);

CREATE VIEW public.cards_account_v1 WITH (security_invoker='true') AS
 SELECT subject,
    number_key,
    since,
    bank
   FROM public.cards_account;

CREATE TABLE public.cards_credential (
    key bytea NOT NULL,
    subject bigint NOT NULL,
    kind text NOT NULL,
    valid_from date NOT NULL,
    valid_until date,
    alias bytea,
    CONSTRAINT cards_credential_alias_check CHECK ((octet_length(alias) = 16)),
    CONSTRAINT cards_credential_key_check CHECK ((octet_length(key) = 32)),
    CONSTRAINT cards_credential_kind_check CHECK ((kind = ANY (ARRAY['card'::text, 'chip'::text, 'id'::text, 'code'::text])))
);

CREATE VIEW public.cards_alias_v1 WITH (security_invoker='true') AS
 SELECT key,
    subject,
    alias,
    valid_until
   FROM public.cards_credential;

CREATE TABLE public.cards_application (
    subject bigint NOT NULL,
    application integer NOT NULL,
    at timestamp with time zone NOT NULL,
    kind text NOT NULL,
    region text NOT NULL,
    bank text NOT NULL,
    channel text NOT NULL,
    reason text NOT NULL,
    replaces bytea,
    CONSTRAINT cards_application_application_check CHECK ((application >= 1)),
    CONSTRAINT cards_application_kind_check CHECK ((kind = ANY (ARRAY['first'::text, 'reissue'::text, 'renew'::text, 'temporary'::text]))),
    CONSTRAINT cards_application_reason_check CHECK ((length(reason) <= 200))
);

CREATE TABLE public.cards_application_state (
    subject bigint NOT NULL,
    application integer NOT NULL,
    step integer NOT NULL,
    at timestamp with time zone NOT NULL,
    state text NOT NULL,
    reason text NOT NULL,
    number_key bytea,
    CONSTRAINT cards_application_state_reason_check CHECK ((length(reason) <= 200)),
    CONSTRAINT cards_application_state_step_check CHECK ((step >= 1))
);

CREATE TABLE public.cards_bank_state (
    subject bigint NOT NULL,
    number_key bytea NOT NULL,
    since timestamp with time zone NOT NULL,
    state text NOT NULL,
    CONSTRAINT cards_bank_state_number_key_check CHECK ((octet_length(number_key) = 32)),
    CONSTRAINT cards_bank_state_state_check CHECK ((state = ANY (ARRAY['none'::text, 'inactive'::text, 'active'::text, 'lost'::text, 'closed'::text])))
);

CREATE VIEW public.cards_bank_state_v1 WITH (security_invoker='true') AS
 SELECT subject,
    number_key,
    since,
    state
   FROM public.cards_bank_state;

CREATE TABLE public.cards_batch (
    make_batch text NOT NULL,
    at timestamp with time zone NOT NULL,
    encoding text NOT NULL,
    cards integer NOT NULL,
    digest bytea NOT NULL,
    CONSTRAINT cards_batch_cards_check CHECK ((cards > 0))
);

CREATE TABLE public.cards_batch_row (
    make_batch text NOT NULL,
    seq integer NOT NULL,
    subject bigint NOT NULL,
    application integer NOT NULL,
    CONSTRAINT cards_batch_row_seq_check CHECK ((seq >= 1))
);

CREATE TABLE public.cards_binding (
    subject bigint NOT NULL,
    kind text NOT NULL,
    reference text NOT NULL,
    since timestamp with time zone NOT NULL,
    number_key bytea NOT NULL,
    CONSTRAINT cards_binding_kind_check CHECK ((kind = ANY (ARRAY['annual_pass'::text, 'library'::text, 'meal'::text, 'subsidy'::text, 'transit'::text]))),
    CONSTRAINT cards_binding_number_key_check CHECK ((octet_length(number_key) = 32)),
    CONSTRAINT cards_binding_reference_check CHECK (((length(reference) >= 1) AND (length(reference) <= 64)))
);

CREATE VIEW public.cards_binding_v1 WITH (security_invoker='true') AS
 SELECT subject,
    kind,
    reference,
    since,
    number_key
   FROM public.cards_binding;

CREATE TABLE public.cards_card (
    subject bigint NOT NULL,
    issued_on date NOT NULL,
    number_key bytea NOT NULL,
    chip_key bytea NOT NULL,
    issue_region text NOT NULL,
    valid_until date NOT NULL,
    key_id text NOT NULL,
    sealed bytea NOT NULL,
    kind text DEFAULT 'standard'::text NOT NULL,
    replaces bytea,
    tail_mark bigint,
    CONSTRAINT cards_card_kind_check CHECK ((kind = ANY (ARRAY['standard'::text, 'temporary'::text])))
);

CREATE VIEW public.cards_card_v1 AS
 SELECT subject,
    issued_on,
    number_key,
    chip_key,
    issue_region,
    valid_until,
    kind,
    replaces
   FROM public.cards_card;

CREATE VIEW public.cards_credential_v1 WITH (security_invoker='true') AS
 SELECT key,
    subject,
    kind,
    valid_from,
    valid_until
   FROM public.cards_credential;

CREATE TABLE public.cards_feed (
    feed text NOT NULL,
    at timestamp with time zone NOT NULL,
    digest bytea NOT NULL,
    taken integer NOT NULL,
    strange integer NOT NULL
);

CREATE TABLE public.cards_move (
    subject bigint NOT NULL,
    number_key bytea NOT NULL,
    step integer NOT NULL,
    at timestamp with time zone NOT NULL,
    function text NOT NULL,
    act text NOT NULL,
    state text NOT NULL,
    until timestamp with time zone,
    channel text NOT NULL,
    reason text NOT NULL,
    CONSTRAINT cards_move_function_check CHECK ((function = ANY (ARRAY['social'::text, 'bank'::text]))),
    CONSTRAINT cards_move_number_key_check CHECK ((octet_length(number_key) = 32)),
    CONSTRAINT cards_move_reason_check CHECK ((length(reason) <= 200)),
    CONSTRAINT cards_move_step_check CHECK ((step >= 1))
);

CREATE TABLE public.cards_pseudonym (
    subject bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    code_key bytea NOT NULL,
    key_id text NOT NULL,
    sealed bytea NOT NULL,
    CONSTRAINT cards_pseudonym_code_key_check CHECK ((octet_length(code_key) = 32))
);

CREATE TABLE public.cards_return (
    make_batch text NOT NULL,
    at timestamp with time zone NOT NULL,
    digest bytea NOT NULL,
    made integer NOT NULL,
    failed integer NOT NULL
);

CREATE TABLE public.cards_state (
    key bytea NOT NULL,
    since timestamp with time zone NOT NULL,
    state text NOT NULL,
    until timestamp with time zone,
    CONSTRAINT cards_state_key_check CHECK ((octet_length(key) = 32)),
    CONSTRAINT cards_state_state_check CHECK ((state = ANY (ARRAY['active'::text, 'sealed'::text, 'temp_loss'::text, 'formal_loss'::text, 'pin_locked'::text, 'cancelled'::text])))
);

CREATE VIEW public.cards_state_v1 WITH (security_invoker='true') AS
 SELECT key,
    since,
    state,
    until
   FROM public.cards_state;

CREATE TABLE public.db_change (
    name text NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT db_change_version_check CHECK ((version >= 0))
);

CREATE TABLE public.db_migration (
    number integer NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    applied_at timestamp with time zone NOT NULL,
    CONSTRAINT db_migration_kind_check CHECK ((kind = ANY (ARRAY['pre'::text, 'post'::text])))
);

CREATE TABLE public.keys_canary (
    key_id text NOT NULL,
    purpose text NOT NULL,
    suite text NOT NULL,
    sealed bytea NOT NULL,
    made_at timestamp with time zone NOT NULL,
    retired_at timestamp with time zone,
    CONSTRAINT keys_canary_suite_check CHECK ((suite = ANY (ARRAY['SM'::text, 'INTL'::text])))
);

CREATE TABLE public.ledger_accumulator (
    subject bigint NOT NULL,
    window_start date NOT NULL,
    name text NOT NULL,
    within text DEFAULT ''::text NOT NULL,
    used bigint NOT NULL,
    cap bigint NOT NULL,
    in_error bigint DEFAULT 0 NOT NULL,
    CONSTRAINT accumulator_cap CHECK (((used >= 0) AND (used <= cap))),
    CONSTRAINT ledger_accumulator_in_error_check CHECK ((in_error >= 0))
);

CREATE VIEW public.ledger_accumulator_v1 WITH (security_invoker='true') AS
 SELECT subject,
    window_start,
    name,
    within,
    used,
    cap,
    in_error
   FROM public.ledger_accumulator;

CREATE TABLE public.ledger_code (
    code_hash bytea NOT NULL,
    terminal text NOT NULL,
    seq bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    CONSTRAINT ledger_code_code_hash_check CHECK ((octet_length(code_hash) = 32))
);

CREATE VIEW public.ledger_code_v1 AS
 SELECT code_hash,
    terminal,
    seq,
    at
   FROM public.ledger_code;

CREATE TABLE public.ledger_conflict (
    terminal text NOT NULL,
    seq bigint NOT NULL,
    digest bytea NOT NULL,
    received_at timestamp with time zone NOT NULL,
    content text NOT NULL
);

CREATE VIEW public.ledger_conflict_v1 AS
 SELECT terminal,
    seq,
    digest,
    received_at
   FROM public.ledger_conflict;

CREATE TABLE public.ledger_leaf (
    batch uuid NOT NULL,
    lane text NOT NULL,
    number bigint NOT NULL,
    made_at timestamp with time zone NOT NULL,
    book_day date NOT NULL,
    records integer NOT NULL,
    root bytea NOT NULL,
    CONSTRAINT ledger_leaf_records_check CHECK ((records > 0)),
    CONSTRAINT ledger_leaf_root_check CHECK ((octet_length(root) = 32))
);

CREATE VIEW public.ledger_leaf_v1 AS
 SELECT batch,
    lane,
    number,
    made_at,
    book_day,
    records,
    root
   FROM public.ledger_leaf;

CREATE TABLE public.ledger_link (
    terminal text NOT NULL,
    seq bigint NOT NULL,
    link bytea NOT NULL,
    key_id text NOT NULL,
    previous bytea NOT NULL,
    digest bytea NOT NULL,
    received_at timestamp with time zone NOT NULL,
    sealed bytea NOT NULL,
    good boolean,
    CONSTRAINT ledger_link_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT ledger_link_key_id_check CHECK ((length(key_id) = 16)),
    CONSTRAINT ledger_link_link_check CHECK ((octet_length(link) = 16)),
    CONSTRAINT ledger_link_previous_check CHECK ((octet_length(previous) = 16)),
    CONSTRAINT ledger_link_seq_check CHECK (((seq >= 1) AND (seq <= '9007199254740991'::bigint)))
);

CREATE VIEW public.ledger_link_v1 AS
 SELECT terminal,
    seq,
    link,
    key_id,
    previous,
    digest,
    received_at,
    good
   FROM public.ledger_link;

CREATE TABLE public.ledger_offline_answer (
    terminal text NOT NULL,
    seq bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    answer jsonb NOT NULL
);

CREATE VIEW public.ledger_offline_answer_v1 WITH (security_invoker='true') AS
 SELECT terminal,
    seq,
    received_at,
    answer
   FROM public.ledger_offline_answer;

CREATE TABLE public.ledger_place (
    site text NOT NULL,
    window_start date NOT NULL,
    name text NOT NULL,
    within text DEFAULT ''::text NOT NULL,
    used bigint NOT NULL,
    cap bigint NOT NULL,
    in_error bigint DEFAULT 0 NOT NULL,
    CONSTRAINT ledger_place_in_error_check CHECK ((in_error >= 0)),
    CONSTRAINT place_cap CHECK (((used >= 0) AND (used <= cap)))
);

CREATE VIEW public.ledger_place_v1 AS
 SELECT site,
    window_start,
    name,
    within,
    used,
    cap,
    in_error
   FROM public.ledger_place;

CREATE TABLE public.ledger_posting (
    batch uuid NOT NULL,
    day date NOT NULL,
    account text NOT NULL,
    operator text NOT NULL,
    programme text NOT NULL,
    amount_fen bigint NOT NULL
);

CREATE VIEW public.ledger_posting_v1 AS
 SELECT batch,
    day,
    account,
    operator,
    programme,
    amount_fen
   FROM public.ledger_posting;

CREATE TABLE public.ledger_reversal (
    terminal text NOT NULL,
    seq bigint NOT NULL,
    batch uuid NOT NULL,
    book_day date NOT NULL,
    subject bigint,
    day date NOT NULL,
    received_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    seal bytea NOT NULL,
    limits jsonb NOT NULL,
    CONSTRAINT ledger_reversal_seal_check CHECK ((octet_length(seal) = 32))
);

CREATE VIEW public.ledger_reversal_v1 WITH (security_invoker='true') AS
 SELECT terminal,
    seq,
    batch,
    book_day,
    subject,
    day,
    received_at,
    reason,
    seal,
    limits
   FROM public.ledger_reversal;

CREATE TABLE public.ledger_use (
    terminal text NOT NULL,
    seq bigint NOT NULL,
    batch uuid NOT NULL,
    book_day date NOT NULL,
    subject bigint,
    day date NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    digest bytea NOT NULL,
    seal bytea NOT NULL,
    credential_kind text NOT NULL,
    credential bytea NOT NULL,
    service text NOT NULL,
    site text NOT NULL,
    site_kind text NOT NULL,
    operator text NOT NULL,
    region text NOT NULL,
    home_region text NOT NULL,
    counted boolean NOT NULL,
    outcome text NOT NULL,
    reason text NOT NULL,
    list_price_fen bigint NOT NULL,
    paid_fen bigint NOT NULL,
    funds text[] NOT NULL,
    amounts_fen bigint[] NOT NULL,
    programme text,
    version integer,
    rules bigint NOT NULL,
    facts jsonb NOT NULL,
    limits jsonb NOT NULL,
    upload text,
    offline jsonb,
    CONSTRAINT ledger_use_credential_check CHECK ((octet_length(credential) = 32)),
    CONSTRAINT ledger_use_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT ledger_use_list_price_fen_check CHECK (((list_price_fen >= 0) AND (list_price_fen <= 1000000000))),
    CONSTRAINT ledger_use_outcome_check CHECK ((outcome = ANY (ARRAY['accepted'::text, 'refused'::text]))),
    CONSTRAINT ledger_use_seal_check CHECK ((octet_length(seal) = 32)),
    CONSTRAINT ledger_use_seq_check CHECK (((seq >= 1) AND (seq <= '9007199254740991'::bigint))),
    CONSTRAINT use_balances CHECK (((outcome = 'refused'::text) OR (list_price_fen = ((((((((((((paid_fen + COALESCE(amounts_fen[1], (0)::bigint)) + COALESCE(amounts_fen[2], (0)::bigint)) + COALESCE(amounts_fen[3], (0)::bigint)) + COALESCE(amounts_fen[4], (0)::bigint)) + COALESCE(amounts_fen[5], (0)::bigint)) + COALESCE(amounts_fen[6], (0)::bigint)) + COALESCE(amounts_fen[7], (0)::bigint)) + COALESCE(amounts_fen[8], (0)::bigint)) + COALESCE(amounts_fen[9], (0)::bigint)) + COALESCE(amounts_fen[10], (0)::bigint)) + COALESCE(amounts_fen[11], (0)::bigint)) + COALESCE(amounts_fen[12], (0)::bigint))))),
    CONSTRAINT use_paid CHECK (((paid_fen >= 0) AND (paid_fen <= list_price_fen))),
    CONSTRAINT use_payers CHECK (((cardinality(funds) = cardinality(amounts_fen)) AND (cardinality(funds) <= 12) AND (0 < ALL (amounts_fen)))),
    CONSTRAINT use_refused CHECK (((outcome = 'accepted'::text) OR ((paid_fen = 0) AND (cardinality(funds) = 0) AND (programme IS NULL)))),
    CONSTRAINT use_version CHECK (((programme IS NULL) = (version IS NULL)))
);

CREATE VIEW public.ledger_use_v1 WITH (security_invoker='true') AS
 SELECT terminal,
    seq,
    batch,
    book_day,
    subject,
    day,
    occurred_at,
    received_at,
    digest,
    seal,
    credential_kind,
    credential,
    service,
    site,
    site_kind,
    operator,
    region,
    home_region,
    counted,
    outcome,
    reason,
    list_price_fen,
    paid_fen,
    funds,
    amounts_fen,
    programme,
    version,
    rules,
    facts,
    limits,
    upload,
    offline
   FROM public.ledger_use;

CREATE TABLE public.payouts_account (
    subject bigint NOT NULL,
    programme text NOT NULL,
    since timestamp with time zone NOT NULL,
    kind text NOT NULL,
    bank text NOT NULL,
    number_key bytea,
    account_key bytea NOT NULL,
    key_id text NOT NULL,
    sealed bytea NOT NULL,
    CONSTRAINT payouts_account_account_key_check CHECK ((octet_length(account_key) = 32)),
    CONSTRAINT payouts_account_check CHECK (((kind = 'card'::text) = (number_key IS NOT NULL))),
    CONSTRAINT payouts_account_kind_check CHECK ((kind = ANY (ARRAY['card'::text, 'passbook'::text]))),
    CONSTRAINT payouts_account_number_key_check CHECK ((octet_length(number_key) = 32))
);

CREATE TABLE public.payouts_event (
    cycle text NOT NULL,
    subject bigint NOT NULL,
    roster text NOT NULL,
    seq integer NOT NULL,
    step integer NOT NULL,
    region text NOT NULL,
    at timestamp with time zone NOT NULL,
    state text NOT NULL,
    amount_fen bigint NOT NULL,
    code text DEFAULT ''::text NOT NULL,
    bank_batch text DEFAULT ''::text NOT NULL,
    bank_serial text DEFAULT ''::text NOT NULL,
    by_person text DEFAULT ''::text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT payouts_event_amount_fen_check CHECK ((amount_fen >= 0)),
    CONSTRAINT payouts_event_reason_check CHECK ((length(reason) <= 200)),
    CONSTRAINT payouts_event_step_check CHECK ((step >= 1))
)
PARTITION BY LIST (cycle);

CREATE VIEW public.payouts_event_v1 WITH (security_invoker='true') AS
 SELECT cycle,
    subject,
    roster,
    seq,
    step,
    region,
    at,
    state,
    amount_fen,
    code,
    bank_batch
   FROM public.payouts_event;

CREATE TABLE public.payouts_evidence (
    roster text NOT NULL,
    subject bigint NOT NULL,
    "row" integer NOT NULL,
    village text NOT NULL,
    facts jsonb NOT NULL,
    CONSTRAINT payouts_evidence_row_check CHECK (("row" >= 1))
);

CREATE TABLE public.payouts_line (
    cycle text NOT NULL,
    roster text NOT NULL,
    seq integer NOT NULL,
    subject bigint NOT NULL,
    operator text DEFAULT ''::text NOT NULL,
    region text NOT NULL,
    village text DEFAULT ''::text NOT NULL,
    day date NOT NULL,
    amount_fen bigint NOT NULL,
    reason text NOT NULL,
    facts jsonb NOT NULL,
    funds text[] NOT NULL,
    shares_fen bigint[] NOT NULL,
    account_kind text NOT NULL,
    bank text NOT NULL,
    account_since timestamp with time zone,
    account_key bytea,
    state text NOT NULL,
    CONSTRAINT payouts_line_account_key_check CHECK ((octet_length(account_key) = 32)),
    CONSTRAINT payouts_line_account_kind_check CHECK ((account_kind = ANY (ARRAY[''::text, 'card'::text, 'passbook'::text]))),
    CONSTRAINT payouts_line_amount_fen_check CHECK ((amount_fen >= 0)),
    CONSTRAINT payouts_line_check CHECK ((cardinality(shares_fen) = cardinality(funds))),
    CONSTRAINT payouts_line_check1 CHECK (((reason = 'OK'::text) OR (amount_fen = 0))),
    CONSTRAINT payouts_line_check2 CHECK ((((account_kind = ''::text) = (account_since IS NULL)) AND ((account_since IS NULL) = (account_key IS NULL)))),
    CONSTRAINT payouts_line_seq_check CHECK ((seq >= 1)),
    CONSTRAINT payouts_line_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'held'::text, 'excluded'::text, 'exported'::text, 'paid'::text, 'failed'::text, 'corrected'::text, 'repaid'::text, 'waived'::text, 'refunded'::text, 'paid_twice'::text, 'recovered'::text])))
)
PARTITION BY LIST (cycle);

CREATE VIEW public.payouts_line_v1 WITH (security_invoker='true') AS
 SELECT cycle,
    roster,
    seq,
    subject,
    operator,
    region,
    day,
    amount_fen,
    funds,
    shares_fen,
    account_kind,
    bank,
    state
   FROM public.payouts_line;

CREATE TABLE public.payouts_move (
    roster text NOT NULL,
    step integer NOT NULL,
    at timestamp with time zone NOT NULL,
    state text NOT NULL,
    digest bytea NOT NULL,
    approval uuid,
    by_person text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    CONSTRAINT payouts_move_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT payouts_move_reason_check CHECK ((length(reason) <= 200)),
    CONSTRAINT payouts_move_step_check CHECK ((step >= 1))
);

CREATE TABLE public.payouts_roster (
    roster text NOT NULL,
    cycle text NOT NULL,
    programme text NOT NULL,
    period text NOT NULL,
    region text NOT NULL,
    supplement integer NOT NULL,
    supplements text,
    version integer NOT NULL,
    last_day date NOT NULL,
    planned_at timestamp with time zone NOT NULL,
    planned_by text NOT NULL,
    lines integer NOT NULL,
    amount_fen bigint NOT NULL,
    digest bytea NOT NULL,
    state text DEFAULT 'draft'::text NOT NULL,
    CONSTRAINT payouts_roster_amount_fen_check CHECK ((amount_fen >= 0)),
    CONSTRAINT payouts_roster_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT payouts_roster_lines_check CHECK ((lines >= 0)),
    CONSTRAINT payouts_roster_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'submitted'::text, 'township_ok'::text, 'publicity'::text, 'dept_ok'::text, 'finance_ok'::text, 'exported'::text, 'bank_processing'::text, 'returned'::text, 'closed'::text]))),
    CONSTRAINT payouts_roster_supplement_check CHECK ((supplement >= 0))
);

CREATE VIEW public.payouts_roster_v1 WITH (security_invoker='true') AS
 SELECT roster,
    cycle,
    programme,
    period,
    region,
    supplement,
    version,
    planned_at,
    lines,
    amount_fen,
    digest,
    state
   FROM public.payouts_roster;

CREATE TABLE public.people_batch (
    batch uuid NOT NULL,
    made_at timestamp with time zone NOT NULL,
    told integer NOT NULL,
    subjects bigint[] NOT NULL,
    seals bytea NOT NULL,
    root bytea NOT NULL,
    CONSTRAINT people_batch_check CHECK ((cardinality(subjects) = told)),
    CONSTRAINT people_batch_check1 CHECK ((octet_length(seals) = (32 * told))),
    CONSTRAINT people_batch_root_check CHECK ((octet_length(root) = 32)),
    CONSTRAINT people_batch_told_check CHECK ((told > 0))
);

CREATE VIEW public.people_batch_v1 AS
 SELECT batch,
    made_at,
    told,
    root
   FROM public.people_batch;

CREATE TABLE public.people_fact (
    subject bigint NOT NULL,
    fact text NOT NULL,
    since date NOT NULL,
    value text NOT NULL,
    batch uuid
);

CREATE VIEW public.people_fact_v1 WITH (security_invoker='true') AS
 SELECT subject,
    fact,
    since,
    value
   FROM public.people_fact;

CREATE TABLE public.people_identity (
    subject bigint NOT NULL,
    key_id text NOT NULL,
    sealed bytea NOT NULL
);

CREATE TABLE public.people_mark (
    subject bigint NOT NULL,
    mark bigint NOT NULL,
    region text NOT NULL,
    born_year smallint NOT NULL
);

CREATE TABLE public.people_number (
    number_hash bytea NOT NULL,
    subject bigint NOT NULL,
    CONSTRAINT people_number_number_hash_check CHECK ((octet_length(number_hash) = 32))
);

CREATE VIEW public.people_number_v1 WITH (security_invoker='true') AS
 SELECT number_hash,
    subject
   FROM public.people_number;

CREATE TABLE public.people_scope (
    subject bigint NOT NULL,
    region text NOT NULL,
    since date NOT NULL
);

CREATE VIEW public.people_scope_v1 WITH (security_invoker='true') AS
 SELECT subject,
    region
   FROM public.people_scope;

CREATE TABLE public.people_subject (
    subject bigint NOT NULL,
    born date NOT NULL,
    home_region text NOT NULL,
    salt bytea NOT NULL,
    batch uuid,
    CONSTRAINT people_subject_home_region_check CHECK ((home_region ~ '^[1-9][0-9]{5}$'::text)),
    CONSTRAINT people_subject_salt_check CHECK ((octet_length(salt) = 16))
);

CREATE VIEW public.people_subject_v1 WITH (security_invoker='true') AS
 SELECT subject,
    born,
    home_region,
    salt
   FROM public.people_subject;

CREATE TABLE public.people_unmarked (
    after bigint NOT NULL
);

CREATE TABLE public.people_unsealed (
    waiting boolean NOT NULL,
    CONSTRAINT people_unsealed_waiting_check CHECK (waiting)
);

CREATE TABLE public.releases_document (
    programme text NOT NULL,
    version integer NOT NULL,
    kind text NOT NULL,
    from_day date NOT NULL,
    until_day date,
    rules bigint NOT NULL,
    digest text NOT NULL,
    file text NOT NULL,
    source text NOT NULL,
    released_at timestamp with time zone NOT NULL,
    CONSTRAINT releases_document_kind_check CHECK ((kind = ANY (ARRAY['gate'::text, 'use'::text, 'payout'::text, 'claim'::text]))),
    CONSTRAINT releases_document_version_check CHECK ((version >= 1))
);

CREATE TABLE public.releases_job (
    programme text NOT NULL,
    version integer NOT NULL,
    rules bigint NOT NULL,
    from_day date NOT NULL,
    last_day date NOT NULL,
    released_at timestamp with time zone NOT NULL,
    after_at timestamp with time zone,
    after_terminal text DEFAULT ''::text NOT NULL,
    after_seq bigint DEFAULT 0 NOT NULL,
    examined bigint DEFAULT 0 NOT NULL,
    unknown bigint DEFAULT 0 NOT NULL,
    missing text[] DEFAULT '{}'::text[] NOT NULL,
    done_at timestamp with time zone
);

CREATE TABLE public.releases_proposal (
    terminal text NOT NULL,
    seq bigint NOT NULL,
    programme text NOT NULL,
    version integer NOT NULL,
    subject bigint NOT NULL,
    day date NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    region text NOT NULL,
    old_paid_fen bigint NOT NULL,
    new_paid_fen bigint NOT NULL,
    old jsonb NOT NULL,
    new jsonb NOT NULL,
    moved jsonb NOT NULL,
    proposed_at timestamp with time zone NOT NULL
);

CREATE TABLE public.releases_release (
    programme text NOT NULL,
    version integer NOT NULL,
    approval uuid NOT NULL,
    reason text NOT NULL,
    simulation text,
    figures jsonb,
    prepared_by text NOT NULL,
    prepared_as text NOT NULL,
    approved_by text NOT NULL,
    approved_as text NOT NULL,
    approved_reason text NOT NULL,
    CONSTRAINT releases_release_approved_reason_check CHECK ((length(approved_reason) <= 200)),
    CONSTRAINT releases_release_reason_check CHECK ((length(reason) <= 200))
);

CREATE TABLE public.staff_account (
    account text NOT NULL,
    person text NOT NULL,
    password_hash text NOT NULL,
    totp_key_id text NOT NULL,
    totp_sealed bytea NOT NULL,
    made_by text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    closed_at timestamp with time zone,
    CONSTRAINT staff_account_account_check CHECK ((account ~ '^[a-z0-9][a-z0-9._-]{0,63}$'::text))
);

CREATE TABLE public.staff_admin (
    person text NOT NULL,
    class text NOT NULL,
    CONSTRAINT staff_admin_class_check CHECK ((class = ANY (ARRAY['system'::text, 'security'::text, 'audit'::text])))
);

CREATE TABLE public.staff_approval_use (
    approval uuid NOT NULL,
    used_at timestamp with time zone NOT NULL,
    session_hash bytea NOT NULL
);

CREATE TABLE public.staff_challenge (
    challenge bytea NOT NULL,
    used_at timestamp with time zone NOT NULL,
    CONSTRAINT staff_challenge_challenge_check CHECK ((octet_length(challenge) = 32))
);

CREATE TABLE public.staff_decision (
    approval uuid NOT NULL,
    digest bytea NOT NULL,
    prepared_by text NOT NULL,
    prepared_as text NOT NULL,
    decision text NOT NULL,
    reason text NOT NULL,
    decided_at timestamp with time zone NOT NULL,
    decided_by text NOT NULL,
    decided_as text NOT NULL,
    session_hash bytea NOT NULL,
    CONSTRAINT decision_by_another CHECK (((decided_by <> prepared_by) AND (decided_by <> prepared_as) AND ((decided_as = ''::text) OR ((decided_as <> prepared_by) AND (decided_as <> prepared_as))))),
    CONSTRAINT staff_decision_decision_check CHECK ((decision = ANY (ARRAY['approve'::text, 'refuse'::text]))),
    CONSTRAINT staff_decision_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT staff_decision_reason_check CHECK ((length(reason) <= 200))
);

CREATE VIEW public.staff_decision_v1 WITH (security_invoker='true') AS
 SELECT approval,
    digest,
    decision,
    decided_at,
    decided_by,
    decided_as
   FROM public.staff_decision;

CREATE TABLE public.staff_delegation (
    person text NOT NULL,
    delegate text NOT NULL,
    from_day date NOT NULL,
    until_day date NOT NULL,
    made_by text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT delegation_days CHECK ((until_day >= from_day)),
    CONSTRAINT delegation_to_another CHECK ((delegate <> person))
);

CREATE TABLE public.staff_grant (
    grant_id uuid NOT NULL,
    person text NOT NULL,
    role text NOT NULL,
    admin_class text,
    region text NOT NULL,
    scene text NOT NULL,
    programme text NOT NULL,
    from_day date NOT NULL,
    until_day date,
    granted_by text NOT NULL,
    granted_at timestamp with time zone NOT NULL,
    ended_by text,
    ended_at timestamp with time zone,
    CONSTRAINT grant_admin CHECK (COALESCE((role = ('admin-'::text || admin_class)), (role !~~ 'admin-%'::text))),
    CONSTRAINT grant_by_another CHECK ((granted_by <> person)),
    CONSTRAINT grant_days CHECK ((until_day >= from_day)),
    CONSTRAINT grant_ended CHECK (((ended_by IS NULL) = (ended_at IS NULL))),
    CONSTRAINT staff_grant_region_check CHECK ((region ~ '^([1-9][0-9]{5}([0-9]{3}){0,2})?$'::text))
);

CREATE TABLE public.staff_person (
    person text NOT NULL,
    name text NOT NULL,
    rights bigint DEFAULT 0 NOT NULL,
    CONSTRAINT staff_person_name_check CHECK (((length(name) >= 1) AND (length(name) <= 64))),
    CONSTRAINT staff_person_person_check CHECK ((person ~ '^[a-z0-9][a-z0-9-]{0,63}$'::text)),
    CONSTRAINT staff_person_rights_check CHECK ((rights >= 0))
);

CREATE VIEW public.staff_person_v1 AS
 SELECT person,
    name
   FROM public.staff_person;

CREATE TABLE public.staff_proof (
    kind text NOT NULL,
    reference text NOT NULL,
    account text NOT NULL,
    public_key bytea,
    sign_count bigint DEFAULT 0 NOT NULL,
    since timestamp with time zone NOT NULL,
    CONSTRAINT staff_proof_kind_check CHECK ((kind = ANY (ARRAY['passkey'::text, 'oidc'::text]))),
    CONSTRAINT staff_proof_sign_count_check CHECK ((sign_count >= 0))
);

CREATE TABLE public.staff_request (
    approval uuid NOT NULL,
    kind text NOT NULL,
    object text NOT NULL,
    digest bytea NOT NULL,
    region text NOT NULL,
    scene text NOT NULL,
    programme text NOT NULL,
    subject bigint,
    payload jsonb NOT NULL,
    reason text NOT NULL,
    prepared_at timestamp with time zone NOT NULL,
    prepared_by text NOT NULL,
    prepared_as text NOT NULL,
    session_hash bytea NOT NULL,
    CONSTRAINT staff_request_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT staff_request_reason_check CHECK ((length(reason) <= 200)),
    CONSTRAINT staff_request_region_check CHECK ((region <> ''::text))
);

CREATE VIEW public.staff_request_v1 WITH (security_invoker='true') AS
 SELECT approval,
    kind,
    object,
    digest,
    region,
    subject,
    prepared_at,
    prepared_by,
    prepared_as
   FROM public.staff_request;

CREATE TABLE public.staff_session (
    session_hash bytea NOT NULL,
    account text NOT NULL,
    person text NOT NULL,
    as_person text NOT NULL,
    rights bigint NOT NULL,
    as_rights bigint NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    until timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    address text NOT NULL,
    CONSTRAINT staff_session_session_hash_check CHECK ((octet_length(session_hash) = 32))
);

CREATE TABLE public.staff_throttle (
    kind text NOT NULL,
    key_hash bytea NOT NULL,
    failures integer NOT NULL,
    rounds integer NOT NULL,
    since timestamp with time zone NOT NULL,
    locked_until timestamp with time zone,
    CONSTRAINT staff_throttle_failures_check CHECK ((failures >= 0)),
    CONSTRAINT staff_throttle_key_hash_check CHECK ((octet_length(key_hash) = 32)),
    CONSTRAINT staff_throttle_kind_check CHECK ((kind = ANY (ARRAY['account'::text, 'address'::text]))),
    CONSTRAINT staff_throttle_rounds_check CHECK ((rounds >= 0))
);

CREATE TABLE public.staff_totp_last (
    account text NOT NULL,
    step bigint NOT NULL,
    CONSTRAINT staff_totp_last_step_check CHECK ((step >= 0))
);

CREATE TABLE public.staff_waiting (
    approval uuid NOT NULL,
    prepared_at timestamp with time zone NOT NULL
);

CREATE TABLE public.terminals_alarm (
    terminal text NOT NULL,
    kind text NOT NULL,
    digest bytea NOT NULL,
    at timestamp with time zone NOT NULL,
    evidence jsonb NOT NULL,
    episode integer DEFAULT 0 NOT NULL,
    CONSTRAINT terminals_alarm_digest_check CHECK ((octet_length(digest) = 32)),
    CONSTRAINT terminals_alarm_episode_check CHECK ((episode >= 0)),
    CONSTRAINT terminals_alarm_kind_check CHECK ((kind = ANY (ARRAY['clone'::text, 'fork'::text, 'signature'::text])))
);

CREATE TABLE public.terminals_settlement (
    terminal text NOT NULL,
    episode integer NOT NULL,
    at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    CONSTRAINT terminals_settlement_episode_check CHECK ((episode >= 0)),
    CONSTRAINT terminals_settlement_reason_check CHECK (((length(reason) >= 1) AND (length(reason) <= 200)))
);

CREATE VIEW public.terminals_alarm_v1 WITH (security_invoker='true') AS
 SELECT a.terminal,
    a.kind,
    a.at,
    a.evidence,
    s.at AS settled_at
   FROM (public.terminals_alarm a
     LEFT JOIN public.terminals_settlement s ON (((s.terminal = a.terminal) AND (s.episode = a.episode))));

CREATE TABLE public.terminals_expected (
    site text NOT NULL,
    credential bytea NOT NULL,
    since timestamp with time zone NOT NULL,
    CONSTRAINT terminals_expected_credential_check CHECK ((octet_length(credential) = 32))
);

CREATE TABLE public.terminals_hotlist (
    version bigint NOT NULL,
    key4 bytea NOT NULL,
    key bytea NOT NULL,
    added boolean NOT NULL,
    at timestamp with time zone NOT NULL,
    until timestamp with time zone,
    CONSTRAINT terminals_hotlist_key4_check CHECK ((octet_length(key4) = 4)),
    CONSTRAINT terminals_hotlist_key_check CHECK ((octet_length(key) = 32)),
    CONSTRAINT terminals_hotlist_version_check CHECK ((version >= 1))
);

CREATE VIEW public.terminals_hotlist_v1 AS
 SELECT version,
    key4,
    key,
    added,
    at,
    until
   FROM public.terminals_hotlist;

CREATE TABLE public.terminals_key (
    terminal text NOT NULL,
    key_id text NOT NULL,
    public_key bytea NOT NULL,
    bound_at timestamp with time zone NOT NULL,
    withdrawn_at timestamp with time zone,
    CONSTRAINT terminals_key_public_key_check CHECK ((octet_length(public_key) = 32))
);

CREATE VIEW public.terminals_key_v1 AS
 SELECT terminal,
    key_id,
    public_key,
    bound_at,
    withdrawn_at
   FROM public.terminals_key;

CREATE TABLE public.terminals_operator (
    operator text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL
);

CREATE TABLE public.terminals_presence (
    terminal text NOT NULL,
    session text NOT NULL,
    signed_in_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    clock_offset_ms bigint NOT NULL,
    waiting bigint NOT NULL,
    hotlist bigint NOT NULL,
    bundle text NOT NULL,
    storage_ok boolean,
    program text NOT NULL,
    CONSTRAINT terminals_presence_hotlist_check CHECK ((hotlist >= 0)),
    CONSTRAINT terminals_presence_waiting_check CHECK ((waiting >= 0))
);

CREATE VIEW public.terminals_presence_v1 WITH (security_invoker='true') AS
 SELECT terminal,
    signed_in_at,
    seen_at,
    clock_offset_ms,
    waiting,
    hotlist,
    bundle,
    storage_ok,
    program
   FROM public.terminals_presence;

CREATE TABLE public.terminals_seen_key (
    terminal text NOT NULL,
    key_id text NOT NULL,
    public_key bytea NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    CONSTRAINT terminals_seen_key_public_key_check CHECK ((octet_length(public_key) = 32))
);

CREATE VIEW public.terminals_seen_key_v1 AS
 SELECT terminal,
    key_id,
    public_key,
    seen_at
   FROM public.terminals_seen_key;

CREATE TABLE public.terminals_site (
    site text NOT NULL,
    operator text NOT NULL,
    kind text NOT NULL,
    region text NOT NULL,
    name_zh text NOT NULL,
    name_en text NOT NULL,
    services text[] NOT NULL,
    capacity bigint DEFAULT 0 NOT NULL,
    agreed_percent integer,
    agreed_price_fen bigint,
    agreed_share integer DEFAULT 0 NOT NULL,
    opening jsonb DEFAULT '{}'::jsonb NOT NULL,
    scene text NOT NULL,
    planned_for date,
    CONSTRAINT terminals_site_agreed_percent_check CHECK (((agreed_percent >= 0) AND (agreed_percent <= 10000))),
    CONSTRAINT terminals_site_agreed_price_fen_check CHECK ((agreed_price_fen >= 0)),
    CONSTRAINT terminals_site_agreed_share_check CHECK (((agreed_share >= 0) AND (agreed_share <= 10000))),
    CONSTRAINT terminals_site_capacity_check CHECK ((capacity >= 0)),
    CONSTRAINT terminals_site_site_check CHECK ((site !~ '[/>@*]'::text))
);

CREATE TABLE public.terminals_site_state (
    site text NOT NULL,
    since date NOT NULL,
    state text NOT NULL,
    CONSTRAINT terminals_site_state_state_check CHECK ((state = ANY (ARRAY['in_talks'::text, 'planned'::text, 'contracted'::text, 'wiring'::text, 'testing'::text, 'trial'::text, 'live'::text, 'suspended'::text])))
);

CREATE VIEW public.terminals_site_state_v1 WITH (security_invoker='true') AS
 SELECT site,
    since,
    state
   FROM public.terminals_site_state;

CREATE VIEW public.terminals_site_v1 WITH (security_invoker='true') AS
 SELECT site,
    operator,
    kind,
    region,
    name_zh,
    name_en,
    scene,
    planned_for
   FROM public.terminals_site;

CREATE TABLE public.terminals_terminal (
    terminal text NOT NULL,
    site text NOT NULL,
    model text DEFAULT ''::text NOT NULL,
    bound_on date NOT NULL,
    unbound_on date
);

CREATE VIEW public.terminals_terminal_v1 WITH (security_invoker='true') AS
 SELECT terminal,
    site
   FROM public.terminals_terminal;

CREATE TABLE public.terminals_test_case (
    terminal text NOT NULL,
    test_case text NOT NULL,
    passed_at timestamp with time zone NOT NULL
);

CREATE TABLE public.terminals_token (
    token_hash bytea NOT NULL,
    terminal text NOT NULL,
    CONSTRAINT terminals_token_token_hash_check CHECK ((octet_length(token_hash) = 32))
);

CREATE TABLE public.uses_month (
    month date NOT NULL,
    region text NOT NULL,
    programme text NOT NULL,
    uses bigint NOT NULL,
    saved_fen bigint NOT NULL,
    CONSTRAINT uses_month_saved_fen_check CHECK ((saved_fen >= 0)),
    CONSTRAINT uses_month_uses_check CHECK ((uses > 0))
);

CREATE VIEW public.uses_month_v1 WITH (security_invoker='true') AS
 SELECT month,
    region,
    programme,
    uses,
    saved_fen
   FROM public.uses_month;

CREATE TABLE public.uses_tally (
    day date NOT NULL,
    region text NOT NULL,
    site_kind text NOT NULL,
    site text NOT NULL,
    outcome text NOT NULL,
    reason text NOT NULL,
    uses bigint NOT NULL,
    list_price_fen bigint NOT NULL,
    paid_fen bigint NOT NULL,
    service text NOT NULL,
    programme text NOT NULL,
    counted boolean NOT NULL,
    in_error boolean NOT NULL,
    CONSTRAINT uses_tally_check CHECK (((paid_fen >= 0) AND (paid_fen <= list_price_fen))),
    CONSTRAINT uses_tally_list_price_fen_check CHECK ((list_price_fen >= 0)),
    CONSTRAINT uses_tally_uses_check CHECK ((uses > 0))
);

CREATE TABLE public.uses_tally_mark (
    one boolean DEFAULT true NOT NULL,
    "position" bigint NOT NULL,
    CONSTRAINT uses_tally_mark_one_check CHECK (one),
    CONSTRAINT uses_tally_mark_position_check CHECK (("position" >= 0))
);

CREATE VIEW public.uses_waiting_v1 WITH (security_invoker='true') AS
 WITH mark AS MATERIALIZED (
         SELECT COALESCE(max(uses_tally_mark."position"), (0)::bigint) AS "position"
           FROM public.uses_tally_mark
        ), newest AS MATERIALIZED (
         SELECT audit_log_v1.ref
           FROM public.audit_log_v1
          WHERE (audit_log_v1.kind = 'batch'::text)
          ORDER BY audit_log_v1."position" DESC
         LIMIT 1
        ), since AS MATERIALIZED (
         SELECT COALESCE((( SELECT ledger_leaf_v1.made_at
                   FROM public.ledger_leaf_v1
                  WHERE (ledger_leaf_v1.batch = ( SELECT newest.ref
                           FROM newest))) - '00:10:00'::interval), '-infinity'::timestamp with time zone) AS at
        )
 SELECT u.day,
    u.region,
    u.site_kind,
    u.site,
    u.service,
    u.outcome,
    u.reason,
    COALESCE(u.programme, ''::text) AS programme,
    u.counted,
    COALESCE((u.upload = 'accepted_in_error'::text), false) AS in_error,
    (1)::bigint AS uses,
    u.list_price_fen,
    u.paid_fen
   FROM (( SELECT l.ref AS batch
           FROM public.audit_log_v1 l
          WHERE ((l.kind = 'batch'::text) AND (l."position" >= ( SELECT mark."position"
                   FROM mark)))
        UNION ALL
         SELECT b.batch
           FROM public.ledger_leaf_v1 b
          WHERE ((b.made_at >= ( SELECT since.at
                   FROM since)) AND (NOT (EXISTS ( SELECT
                   FROM public.audit_log_v1 l
                  WHERE (l.ref = b.batch)))))) waits
     CROSS JOIN LATERAL ( SELECT w.terminal,
            w.seq,
            w.batch,
            w.book_day,
            w.subject,
            w.day,
            w.occurred_at,
            w.received_at,
            w.digest,
            w.seal,
            w.credential_kind,
            w.credential,
            w.service,
            w.site,
            w.site_kind,
            w.operator,
            w.region,
            w.home_region,
            w.counted,
            w.outcome,
            w.reason,
            w.list_price_fen,
            w.paid_fen,
            w.funds,
            w.amounts_fen,
            w.programme,
            w.version,
            w.rules,
            w.facts,
            w.limits,
            w.upload,
            w.offline
           FROM public.ledger_use_v1 w
          WHERE (w.batch = waits.batch)
         OFFSET 0) u);

CREATE VIEW public.uses_sum_v1 WITH (security_invoker='true') AS
 SELECT uses_tally.day,
    uses_tally.region,
    uses_tally.site_kind,
    uses_tally.site,
    uses_tally.service,
    uses_tally.outcome,
    uses_tally.reason,
    uses_tally.programme,
    uses_tally.counted,
    uses_tally.in_error,
    uses_tally.uses,
    uses_tally.list_price_fen,
    uses_tally.paid_fen
   FROM public.uses_tally
UNION ALL
 SELECT uses_waiting_v1.day,
    uses_waiting_v1.region,
    uses_waiting_v1.site_kind,
    uses_waiting_v1.site,
    uses_waiting_v1.service,
    uses_waiting_v1.outcome,
    uses_waiting_v1.reason,
    uses_waiting_v1.programme,
    uses_waiting_v1.counted,
    uses_waiting_v1.in_error,
    uses_waiting_v1.uses,
    uses_waiting_v1.list_price_fen,
    uses_waiting_v1.paid_fen
   FROM public.uses_waiting_v1;

ALTER TABLE ONLY public.audit_alarm
    ADD CONSTRAINT audit_alarm_pkey PRIMARY KEY (ref, kind);

ALTER TABLE ONLY public.audit_canary
    ADD CONSTRAINT audit_canary_pkey PRIMARY KEY (mark);

ALTER TABLE ONLY public.audit_entry
    ADD CONSTRAINT audit_entry_pkey PRIMARY KEY (entry);

ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT audit_head_pkey PRIMARY KEY (size);

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_pkey PRIMARY KEY ("position");

ALTER TABLE ONLY public.audit_log
    ADD CONSTRAINT audit_log_ref_key UNIQUE (ref);

ALTER TABLE ONLY public.cards_account
    ADD CONSTRAINT cards_account_pkey PRIMARY KEY (subject, number_key, since);

ALTER TABLE ONLY public.cards_application
    ADD CONSTRAINT cards_application_pkey PRIMARY KEY (subject, application);

ALTER TABLE ONLY public.cards_application_state
    ADD CONSTRAINT cards_application_state_pkey PRIMARY KEY (subject, application, step);

ALTER TABLE ONLY public.cards_bank_state
    ADD CONSTRAINT cards_bank_state_pkey PRIMARY KEY (subject, number_key, since);

ALTER TABLE ONLY public.cards_batch
    ADD CONSTRAINT cards_batch_pkey PRIMARY KEY (make_batch);

ALTER TABLE ONLY public.cards_batch_row
    ADD CONSTRAINT cards_batch_row_pkey PRIMARY KEY (make_batch, seq);

ALTER TABLE ONLY public.cards_binding
    ADD CONSTRAINT cards_binding_pkey PRIMARY KEY (subject, kind, reference, since);

ALTER TABLE ONLY public.cards_card
    ADD CONSTRAINT cards_card_pkey PRIMARY KEY (subject, issued_on, number_key);

ALTER TABLE ONLY public.cards_credential
    ADD CONSTRAINT cards_credential_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.cards_feed
    ADD CONSTRAINT cards_feed_pkey PRIMARY KEY (feed);

ALTER TABLE ONLY public.cards_move
    ADD CONSTRAINT cards_move_pkey PRIMARY KEY (subject, number_key, step);

ALTER TABLE ONLY public.cards_pseudonym
    ADD CONSTRAINT cards_pseudonym_pkey PRIMARY KEY (subject);

ALTER TABLE ONLY public.cards_return
    ADD CONSTRAINT cards_return_pkey PRIMARY KEY (make_batch);

ALTER TABLE ONLY public.cards_state
    ADD CONSTRAINT cards_state_pkey PRIMARY KEY (key, since);

ALTER TABLE ONLY public.db_change
    ADD CONSTRAINT db_change_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.db_migration
    ADD CONSTRAINT db_migration_pkey PRIMARY KEY (number, kind);

ALTER TABLE ONLY public.keys_canary
    ADD CONSTRAINT keys_canary_pkey PRIMARY KEY (key_id);

ALTER TABLE ONLY public.ledger_accumulator
    ADD CONSTRAINT ledger_accumulator_pkey PRIMARY KEY (subject, window_start, name, within);

ALTER TABLE ONLY public.ledger_code
    ADD CONSTRAINT ledger_code_pkey PRIMARY KEY (code_hash);

ALTER TABLE ONLY public.ledger_conflict
    ADD CONSTRAINT ledger_conflict_pkey PRIMARY KEY (terminal, seq, digest);

ALTER TABLE ONLY public.ledger_leaf
    ADD CONSTRAINT ledger_leaf_pkey PRIMARY KEY (batch);

ALTER TABLE ONLY public.ledger_link
    ADD CONSTRAINT ledger_link_pkey PRIMARY KEY (terminal, seq, link);

ALTER TABLE ONLY public.ledger_offline_answer
    ADD CONSTRAINT ledger_offline_answer_pkey PRIMARY KEY (terminal, seq);

ALTER TABLE ONLY public.ledger_place
    ADD CONSTRAINT ledger_place_pkey PRIMARY KEY (site, window_start, name, within);

ALTER TABLE ONLY public.ledger_posting
    ADD CONSTRAINT ledger_posting_pkey PRIMARY KEY (batch, day, account, operator, programme);

ALTER TABLE ONLY public.ledger_reversal
    ADD CONSTRAINT ledger_reversal_pkey PRIMARY KEY (terminal, seq);

ALTER TABLE ONLY public.ledger_use
    ADD CONSTRAINT ledger_use_pkey PRIMARY KEY (terminal, seq);

ALTER TABLE ONLY public.payouts_account
    ADD CONSTRAINT payouts_account_pkey PRIMARY KEY (subject, programme, since);

ALTER TABLE ONLY public.payouts_event
    ADD CONSTRAINT payouts_event_pkey PRIMARY KEY (cycle, subject, roster, seq, step);

ALTER TABLE ONLY public.payouts_evidence
    ADD CONSTRAINT payouts_evidence_pkey PRIMARY KEY (roster, subject);

ALTER TABLE ONLY public.payouts_move
    ADD CONSTRAINT payouts_move_pkey PRIMARY KEY (roster, step);

ALTER TABLE ONLY public.payouts_roster
    ADD CONSTRAINT payouts_roster_cycle_region_supplement_key UNIQUE (cycle, region, supplement);

ALTER TABLE ONLY public.payouts_roster
    ADD CONSTRAINT payouts_roster_pkey PRIMARY KEY (roster);

ALTER TABLE ONLY public.people_batch
    ADD CONSTRAINT people_batch_pkey PRIMARY KEY (batch);

ALTER TABLE ONLY public.people_fact
    ADD CONSTRAINT people_fact_pkey PRIMARY KEY (subject, fact, since);

ALTER TABLE ONLY public.people_identity
    ADD CONSTRAINT people_identity_pkey PRIMARY KEY (subject);

ALTER TABLE ONLY public.people_mark
    ADD CONSTRAINT people_mark_pkey PRIMARY KEY (subject, mark);

ALTER TABLE ONLY public.people_number
    ADD CONSTRAINT people_number_pkey PRIMARY KEY (number_hash);

ALTER TABLE ONLY public.people_scope
    ADD CONSTRAINT people_scope_pkey PRIMARY KEY (subject);

ALTER TABLE ONLY public.people_subject
    ADD CONSTRAINT people_subject_pkey PRIMARY KEY (subject);

ALTER TABLE ONLY public.people_unmarked
    ADD CONSTRAINT people_unmarked_pkey PRIMARY KEY (after);

ALTER TABLE ONLY public.people_unsealed
    ADD CONSTRAINT people_unsealed_pkey PRIMARY KEY (waiting);

ALTER TABLE ONLY public.releases_document
    ADD CONSTRAINT releases_document_pkey PRIMARY KEY (programme, version);

ALTER TABLE ONLY public.releases_document
    ADD CONSTRAINT releases_document_programme_digest_key UNIQUE (programme, digest);

ALTER TABLE ONLY public.releases_job
    ADD CONSTRAINT releases_job_pkey PRIMARY KEY (programme, version);

ALTER TABLE ONLY public.releases_proposal
    ADD CONSTRAINT releases_proposal_pkey PRIMARY KEY (terminal, seq, programme, version);

ALTER TABLE ONLY public.releases_release
    ADD CONSTRAINT releases_release_approval_key UNIQUE (approval);

ALTER TABLE ONLY public.releases_release
    ADD CONSTRAINT releases_release_pkey PRIMARY KEY (programme, version);

ALTER TABLE ONLY public.staff_account
    ADD CONSTRAINT staff_account_account_person_key UNIQUE (account, person);

ALTER TABLE ONLY public.staff_account
    ADD CONSTRAINT staff_account_pkey PRIMARY KEY (account);

ALTER TABLE ONLY public.staff_admin
    ADD CONSTRAINT staff_admin_person_class_key UNIQUE (person, class);

ALTER TABLE ONLY public.staff_admin
    ADD CONSTRAINT staff_admin_pkey PRIMARY KEY (person);

ALTER TABLE ONLY public.staff_approval_use
    ADD CONSTRAINT staff_approval_use_pkey PRIMARY KEY (approval);

ALTER TABLE ONLY public.staff_challenge
    ADD CONSTRAINT staff_challenge_pkey PRIMARY KEY (challenge);

ALTER TABLE ONLY public.staff_decision
    ADD CONSTRAINT staff_decision_pkey PRIMARY KEY (approval);

ALTER TABLE ONLY public.staff_delegation
    ADD CONSTRAINT staff_delegation_pkey PRIMARY KEY (person, delegate, from_day);

ALTER TABLE ONLY public.staff_grant
    ADD CONSTRAINT staff_grant_pkey PRIMARY KEY (grant_id);

ALTER TABLE ONLY public.staff_person
    ADD CONSTRAINT staff_person_pkey PRIMARY KEY (person);

ALTER TABLE ONLY public.staff_proof
    ADD CONSTRAINT staff_proof_pkey PRIMARY KEY (kind, reference);

ALTER TABLE ONLY public.staff_request
    ADD CONSTRAINT staff_request_approval_digest_prepared_by_prepared_as_key UNIQUE (approval, digest, prepared_by, prepared_as);

ALTER TABLE ONLY public.staff_request
    ADD CONSTRAINT staff_request_pkey PRIMARY KEY (approval);

ALTER TABLE ONLY public.staff_session
    ADD CONSTRAINT staff_session_pkey PRIMARY KEY (session_hash);

ALTER TABLE ONLY public.staff_session
    ADD CONSTRAINT staff_session_session_hash_person_as_person_key UNIQUE (session_hash, person, as_person);

ALTER TABLE ONLY public.staff_throttle
    ADD CONSTRAINT staff_throttle_pkey PRIMARY KEY (kind, key_hash);

ALTER TABLE ONLY public.staff_totp_last
    ADD CONSTRAINT staff_totp_last_pkey PRIMARY KEY (account);

ALTER TABLE ONLY public.staff_waiting
    ADD CONSTRAINT staff_waiting_pkey PRIMARY KEY (approval);

ALTER TABLE ONLY public.terminals_alarm
    ADD CONSTRAINT terminals_alarm_pkey PRIMARY KEY (terminal, kind, digest, episode);

ALTER TABLE ONLY public.terminals_expected
    ADD CONSTRAINT terminals_expected_pkey PRIMARY KEY (site, credential);

ALTER TABLE ONLY public.terminals_hotlist
    ADD CONSTRAINT terminals_hotlist_pkey PRIMARY KEY (key, version);

ALTER TABLE ONLY public.terminals_key
    ADD CONSTRAINT terminals_key_pkey PRIMARY KEY (terminal, key_id);

ALTER TABLE ONLY public.terminals_operator
    ADD CONSTRAINT terminals_operator_pkey PRIMARY KEY (operator);

ALTER TABLE ONLY public.terminals_presence
    ADD CONSTRAINT terminals_presence_pkey PRIMARY KEY (terminal);

ALTER TABLE ONLY public.terminals_seen_key
    ADD CONSTRAINT terminals_seen_key_pkey PRIMARY KEY (terminal, key_id);

ALTER TABLE ONLY public.terminals_settlement
    ADD CONSTRAINT terminals_settlement_pkey PRIMARY KEY (terminal, episode);

ALTER TABLE ONLY public.terminals_site
    ADD CONSTRAINT terminals_site_pkey PRIMARY KEY (site);

ALTER TABLE ONLY public.terminals_site_state
    ADD CONSTRAINT terminals_site_state_pkey PRIMARY KEY (site, since);

ALTER TABLE ONLY public.terminals_terminal
    ADD CONSTRAINT terminals_terminal_pkey PRIMARY KEY (terminal);

ALTER TABLE ONLY public.terminals_test_case
    ADD CONSTRAINT terminals_test_case_pkey PRIMARY KEY (terminal, test_case, passed_at);

ALTER TABLE ONLY public.terminals_token
    ADD CONSTRAINT terminals_token_pkey PRIMARY KEY (token_hash, terminal);

ALTER TABLE ONLY public.uses_month
    ADD CONSTRAINT uses_month_pkey PRIMARY KEY (month, region, programme);

ALTER TABLE ONLY public.uses_tally_mark
    ADD CONSTRAINT uses_tally_mark_pkey PRIMARY KEY (one);

ALTER TABLE ONLY public.uses_tally
    ADD CONSTRAINT uses_tally_pkey PRIMARY KEY (day, region, site_kind, site, service, outcome, reason, programme, counted, in_error);

CREATE INDEX audit_alarm_at ON public.audit_alarm USING btree (at, ref);

CREATE INDEX audit_entry_act ON public.audit_entry USING btree (act, at, entry);

CREATE INDEX audit_entry_at ON public.audit_entry USING btree (at, entry);

CREATE INDEX audit_entry_person ON public.audit_entry USING btree (person, act, at);

CREATE INDEX audit_entry_result ON public.audit_entry USING btree (result, at, entry);

CREATE INDEX audit_entry_subject ON public.audit_entry USING btree (subject, at) WHERE (subject IS NOT NULL);

CREATE INDEX audit_entry_who ON public.audit_entry USING btree (person, at, entry);

CREATE INDEX audit_head_waiting ON public.audit_head USING btree (size) WHERE (witnessed_at IS NULL);

CREATE INDEX audit_head_witnessed ON public.audit_head USING btree (size) WHERE (witnessed_at IS NOT NULL);

CREATE INDEX cards_card_tail ON public.cards_card USING btree (tail_mark, subject);

CREATE INDEX cards_credential_person ON public.cards_credential USING btree (subject) WHERE (kind = 'card'::text);

CREATE INDEX ledger_leaf_made ON public.ledger_leaf USING brin (made_at) WITH (pages_per_range='16', autosummarize='on');

CREATE INDEX ledger_link_previous ON public.ledger_link USING btree (previous);

CREATE INDEX ledger_link_unchecked ON public.ledger_link USING btree (terminal, seq) WHERE (good IS NULL);

CREATE INDEX ledger_posting_day ON public.ledger_posting USING btree (day, account);

CREATE INDEX ledger_reversal_batch ON public.ledger_reversal USING btree (batch);

CREATE INDEX ledger_reversal_day ON public.ledger_reversal USING btree (day);

CREATE INDEX ledger_use_batch ON public.ledger_use USING btree (batch);

CREATE INDEX ledger_use_in_error ON public.ledger_use USING btree (occurred_at, terminal, seq) WHERE (upload = 'accepted_in_error'::text);

CREATE INDEX ledger_use_person ON public.ledger_use USING btree (subject, day);

CREATE INDEX ledger_use_time ON public.ledger_use USING btree (occurred_at, terminal, seq) INCLUDE (region, site_kind, site, outcome, reason, list_price_fen, paid_fen);

CREATE INDEX people_batch_made ON public.people_batch USING btree (made_at, batch);

CREATE INDEX people_mark_found ON public.people_mark USING btree (mark, region COLLATE "C", born_year, subject);

CREATE INDEX people_scope_region ON public.people_scope USING btree (region COLLATE "C", subject);

CREATE INDEX releases_proposal_list ON public.releases_proposal USING btree (programme, version, occurred_at, terminal, seq);

CREATE INDEX releases_proposal_subject ON public.releases_proposal USING btree (subject, programme, version);

CREATE INDEX staff_grant_person ON public.staff_grant USING btree (person);

CREATE INDEX staff_request_newest ON public.staff_request USING btree (prepared_at, approval);

CREATE INDEX staff_request_subject ON public.staff_request USING btree (subject, prepared_at) WHERE (subject IS NOT NULL);

CREATE INDEX staff_session_person ON public.staff_session USING btree (person);

CREATE INDEX staff_waiting_newest ON public.staff_waiting USING btree (prepared_at, approval);

CREATE INDEX terminals_hotlist_key4 ON public.terminals_hotlist USING btree (key4);

CREATE INDEX terminals_hotlist_until ON public.terminals_hotlist USING btree (until) WHERE (until IS NOT NULL);

CREATE INDEX terminals_hotlist_version ON public.terminals_hotlist USING btree (version);

CREATE UNIQUE INDEX terminals_key_one ON public.terminals_key USING btree (terminal) WHERE (withdrawn_at IS NULL);

CREATE INDEX terminals_terminal_site ON public.terminals_terminal USING btree (site);

ALTER TABLE ONLY public.cards_application_state
    ADD CONSTRAINT cards_application_state_subject_application_fkey FOREIGN KEY (subject, application) REFERENCES public.cards_application(subject, application);

ALTER TABLE ONLY public.cards_batch_row
    ADD CONSTRAINT cards_batch_row_make_batch_fkey FOREIGN KEY (make_batch) REFERENCES public.cards_batch(make_batch);

ALTER TABLE ONLY public.cards_return
    ADD CONSTRAINT cards_return_make_batch_fkey FOREIGN KEY (make_batch) REFERENCES public.cards_batch(make_batch);

ALTER TABLE ONLY public.cards_state
    ADD CONSTRAINT cards_state_key_fkey FOREIGN KEY (key) REFERENCES public.cards_credential(key);

ALTER TABLE ONLY public.ledger_reversal
    ADD CONSTRAINT ledger_reversal_terminal_seq_fkey FOREIGN KEY (terminal, seq) REFERENCES public.ledger_use(terminal, seq);

ALTER TABLE ONLY public.payouts_move
    ADD CONSTRAINT payouts_move_roster_fkey FOREIGN KEY (roster) REFERENCES public.payouts_roster(roster);

ALTER TABLE ONLY public.people_fact
    ADD CONSTRAINT people_fact_subject_fkey FOREIGN KEY (subject) REFERENCES public.people_subject(subject);

ALTER TABLE ONLY public.people_identity
    ADD CONSTRAINT people_identity_subject_fkey FOREIGN KEY (subject) REFERENCES public.people_subject(subject);

ALTER TABLE ONLY public.people_mark
    ADD CONSTRAINT people_mark_subject_fkey FOREIGN KEY (subject) REFERENCES public.people_subject(subject) ON DELETE CASCADE;

ALTER TABLE ONLY public.people_scope
    ADD CONSTRAINT people_scope_subject_fkey FOREIGN KEY (subject) REFERENCES public.people_subject(subject);

ALTER TABLE ONLY public.releases_job
    ADD CONSTRAINT releases_job_programme_version_fkey FOREIGN KEY (programme, version) REFERENCES public.releases_document(programme, version);

ALTER TABLE ONLY public.releases_release
    ADD CONSTRAINT releases_release_programme_version_fkey FOREIGN KEY (programme, version) REFERENCES public.releases_document(programme, version);

ALTER TABLE ONLY public.staff_account
    ADD CONSTRAINT staff_account_person_fkey FOREIGN KEY (person) REFERENCES public.staff_person(person);

ALTER TABLE ONLY public.staff_admin
    ADD CONSTRAINT staff_admin_person_fkey FOREIGN KEY (person) REFERENCES public.staff_person(person);

ALTER TABLE ONLY public.staff_approval_use
    ADD CONSTRAINT staff_approval_use_approval_fkey FOREIGN KEY (approval) REFERENCES public.staff_decision(approval);

ALTER TABLE ONLY public.staff_decision
    ADD CONSTRAINT staff_decision_approval_digest_prepared_by_prepared_as_fkey FOREIGN KEY (approval, digest, prepared_by, prepared_as) REFERENCES public.staff_request(approval, digest, prepared_by, prepared_as);

ALTER TABLE ONLY public.staff_decision
    ADD CONSTRAINT staff_decision_session_hash_decided_by_decided_as_fkey FOREIGN KEY (session_hash, decided_by, decided_as) REFERENCES public.staff_session(session_hash, person, as_person);

ALTER TABLE ONLY public.staff_delegation
    ADD CONSTRAINT staff_delegation_delegate_fkey FOREIGN KEY (delegate) REFERENCES public.staff_person(person);

ALTER TABLE ONLY public.staff_delegation
    ADD CONSTRAINT staff_delegation_person_fkey FOREIGN KEY (person) REFERENCES public.staff_person(person);

ALTER TABLE ONLY public.staff_grant
    ADD CONSTRAINT staff_grant_person_admin_class_fkey FOREIGN KEY (person, admin_class) REFERENCES public.staff_admin(person, class);

ALTER TABLE ONLY public.staff_grant
    ADD CONSTRAINT staff_grant_person_fkey FOREIGN KEY (person) REFERENCES public.staff_person(person);

ALTER TABLE ONLY public.staff_proof
    ADD CONSTRAINT staff_proof_account_fkey FOREIGN KEY (account) REFERENCES public.staff_account(account);

ALTER TABLE ONLY public.staff_request
    ADD CONSTRAINT staff_request_session_hash_prepared_by_prepared_as_fkey FOREIGN KEY (session_hash, prepared_by, prepared_as) REFERENCES public.staff_session(session_hash, person, as_person);

ALTER TABLE ONLY public.staff_session
    ADD CONSTRAINT staff_session_account_person_fkey FOREIGN KEY (account, person) REFERENCES public.staff_account(account, person);

ALTER TABLE ONLY public.staff_totp_last
    ADD CONSTRAINT staff_totp_last_account_fkey FOREIGN KEY (account) REFERENCES public.staff_account(account);

ALTER TABLE ONLY public.terminals_key
    ADD CONSTRAINT terminals_key_terminal_fkey FOREIGN KEY (terminal) REFERENCES public.terminals_terminal(terminal);

ALTER TABLE ONLY public.terminals_presence
    ADD CONSTRAINT terminals_presence_terminal_fkey FOREIGN KEY (terminal) REFERENCES public.terminals_terminal(terminal);

ALTER TABLE ONLY public.terminals_seen_key
    ADD CONSTRAINT terminals_seen_key_terminal_fkey FOREIGN KEY (terminal) REFERENCES public.terminals_terminal(terminal);

ALTER TABLE ONLY public.terminals_settlement
    ADD CONSTRAINT terminals_settlement_terminal_fkey FOREIGN KEY (terminal) REFERENCES public.terminals_terminal(terminal);

ALTER TABLE ONLY public.terminals_site
    ADD CONSTRAINT terminals_site_operator_fkey FOREIGN KEY (operator) REFERENCES public.terminals_operator(operator);

ALTER TABLE ONLY public.terminals_site_state
    ADD CONSTRAINT terminals_site_state_site_fkey FOREIGN KEY (site) REFERENCES public.terminals_site(site);

ALTER TABLE ONLY public.terminals_terminal
    ADD CONSTRAINT terminals_terminal_site_fkey FOREIGN KEY (site) REFERENCES public.terminals_site(site);

ALTER TABLE ONLY public.terminals_test_case
    ADD CONSTRAINT terminals_test_case_terminal_fkey FOREIGN KEY (terminal) REFERENCES public.terminals_terminal(terminal);

ALTER TABLE ONLY public.terminals_token
    ADD CONSTRAINT terminals_token_terminal_fkey FOREIGN KEY (terminal) REFERENCES public.terminals_terminal(terminal);

CREATE POLICY all_rows ON public.audit_alarm TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.audit_entry TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.cards_account TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.cards_application TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.cards_application_state TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.cards_bank_state TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.cards_binding TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.cards_card TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.cards_credential TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.cards_move TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.cards_state TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.ledger_accumulator TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.ledger_offline_answer TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.ledger_reversal TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.ledger_use TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.payouts_event TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.payouts_line TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.payouts_roster TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.people_fact TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.people_identity TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.people_mark TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.people_number TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.people_scope TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.people_subject TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.releases_proposal TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.staff_approval_use TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.staff_decision TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.staff_request TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.staff_waiting TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.terminals_alarm TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.terminals_presence TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.terminals_settlement TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.terminals_site TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.terminals_site_state TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.terminals_terminal TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.terminals_test_case TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.uses_month TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

CREATE POLICY all_rows ON public.uses_tally TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro USING (true) WITH CHECK (true);

ALTER TABLE public.audit_alarm ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_entry ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.cards_account ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.cards_application ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.cards_application_state ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.cards_bank_state ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.cards_binding ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.cards_card ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.cards_credential ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.cards_move ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.cards_state ENABLE ROW LEVEL SECURITY;

CREATE POLICY console_lists ON public.staff_waiting FOR SELECT TO onecard_console USING (true);

CREATE POLICY console_notes ON public.audit_entry FOR INSERT TO onecard_console WITH CHECK (true);

CREATE POLICY console_prepares ON public.staff_waiting FOR INSERT TO onecard_console WITH CHECK (true);

CREATE POLICY console_wall ON public.audit_alarm FOR SELECT TO onecard_console USING (((region ^@ ANY (( SELECT public.db_regions() AS db_regions)::text[])) OR ((region = ''::text) AND ( SELECT public.db_unplaced() AS db_unplaced))));

CREATE POLICY console_wall ON public.audit_entry FOR SELECT TO onecard_console USING (((region ^@ ANY (( SELECT public.db_regions() AS db_regions)::text[])) OR ((region = ''::text) AND ( SELECT public.db_unplaced() AS db_unplaced))));

CREATE POLICY console_wall ON public.cards_account TO onecard_console USING ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = cards_account.subject)))) WITH CHECK ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = cards_account.subject))));

CREATE POLICY console_wall ON public.cards_application TO onecard_console USING ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = cards_application.subject)))) WITH CHECK ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = cards_application.subject))));

CREATE POLICY console_wall ON public.cards_application_state TO onecard_console USING ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = cards_application_state.subject)))) WITH CHECK ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = cards_application_state.subject))));

CREATE POLICY console_wall ON public.cards_bank_state TO onecard_console USING ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = cards_bank_state.subject)))) WITH CHECK ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = cards_bank_state.subject))));

CREATE POLICY console_wall ON public.cards_binding TO onecard_console USING ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = cards_binding.subject)))) WITH CHECK ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = cards_binding.subject))));

CREATE POLICY console_wall ON public.cards_card TO onecard_console USING ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = cards_card.subject)))) WITH CHECK ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = cards_card.subject))));

CREATE POLICY console_wall ON public.cards_credential TO onecard_console USING ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = cards_credential.subject)))) WITH CHECK ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = cards_credential.subject))));

CREATE POLICY console_wall ON public.cards_move TO onecard_console USING ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = cards_move.subject)))) WITH CHECK ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = cards_move.subject))));

CREATE POLICY console_wall ON public.cards_state TO onecard_console USING ((EXISTS ( SELECT
   FROM public.cards_credential c
  WHERE (c.key = cards_state.key)))) WITH CHECK ((EXISTS ( SELECT
   FROM public.cards_credential c
  WHERE (c.key = cards_state.key))));

CREATE POLICY console_wall ON public.ledger_accumulator TO onecard_console USING ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = ledger_accumulator.subject)))) WITH CHECK ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = ledger_accumulator.subject))));

CREATE POLICY console_wall ON public.ledger_offline_answer TO onecard_console USING ((EXISTS ( SELECT
   FROM public.ledger_use u
  WHERE ((u.terminal = ledger_offline_answer.terminal) AND (u.seq = ledger_offline_answer.seq))))) WITH CHECK ((EXISTS ( SELECT
   FROM public.ledger_use u
  WHERE ((u.terminal = ledger_offline_answer.terminal) AND (u.seq = ledger_offline_answer.seq)))));

CREATE POLICY console_wall ON public.ledger_reversal TO onecard_console USING ((EXISTS ( SELECT
   FROM public.ledger_use u
  WHERE ((u.terminal = ledger_reversal.terminal) AND (u.seq = ledger_reversal.seq))))) WITH CHECK ((EXISTS ( SELECT
   FROM public.ledger_use u
  WHERE ((u.terminal = ledger_reversal.terminal) AND (u.seq = ledger_reversal.seq)))));

CREATE POLICY console_wall ON public.ledger_use TO onecard_console USING ((region ^@ ANY (( SELECT public.db_regions() AS db_regions)::text[]))) WITH CHECK ((region ^@ ANY (( SELECT public.db_regions() AS db_regions)::text[])));

CREATE POLICY console_wall ON public.payouts_event TO onecard_console USING ((region ^@ ANY (( SELECT public.db_regions() AS db_regions)::text[])));

CREATE POLICY console_wall ON public.payouts_line TO onecard_console USING ((region ^@ ANY (( SELECT public.db_regions() AS db_regions)::text[])));

CREATE POLICY console_wall ON public.payouts_roster TO onecard_console USING ((region ^@ ANY (( SELECT public.db_regions() AS db_regions)::text[])));

CREATE POLICY console_wall ON public.people_fact TO onecard_console USING ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = people_fact.subject)))) WITH CHECK ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = people_fact.subject))));

CREATE POLICY console_wall ON public.people_identity TO onecard_console USING ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = people_identity.subject)))) WITH CHECK ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = people_identity.subject))));

CREATE POLICY console_wall ON public.people_mark TO onecard_console USING ((region ^@ ANY (( SELECT public.db_regions() AS db_regions)::text[]))) WITH CHECK ((region ^@ ANY (( SELECT public.db_regions() AS db_regions)::text[])));

CREATE POLICY console_wall ON public.people_number TO onecard_console USING ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = people_number.subject)))) WITH CHECK ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = people_number.subject))));

CREATE POLICY console_wall ON public.people_scope TO onecard_console USING ((region ^@ ANY (( SELECT public.db_regions() AS db_regions)::text[]))) WITH CHECK ((region ^@ ANY (( SELECT public.db_regions() AS db_regions)::text[])));

CREATE POLICY console_wall ON public.people_subject TO onecard_console USING ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = people_subject.subject)))) WITH CHECK ((EXISTS ( SELECT
   FROM public.people_scope s
  WHERE (s.subject = people_subject.subject))));

CREATE POLICY console_wall ON public.releases_proposal TO onecard_console USING ((region ^@ ANY (( SELECT public.db_regions() AS db_regions)::text[])));

CREATE POLICY console_wall ON public.staff_approval_use TO onecard_console USING ((EXISTS ( SELECT
   FROM public.staff_request r
  WHERE (r.approval = staff_approval_use.approval)))) WITH CHECK ((EXISTS ( SELECT
   FROM public.staff_request r
  WHERE (r.approval = staff_approval_use.approval))));

CREATE POLICY console_wall ON public.staff_decision TO onecard_console USING ((EXISTS ( SELECT
   FROM public.staff_request r
  WHERE (r.approval = staff_decision.approval)))) WITH CHECK ((EXISTS ( SELECT
   FROM public.staff_request r
  WHERE (r.approval = staff_decision.approval))));

CREATE POLICY console_wall ON public.staff_request TO onecard_console USING ((region ^@ ANY (( SELECT public.db_regions() AS db_regions)::text[]))) WITH CHECK ((region ^@ ANY (( SELECT public.db_regions() AS db_regions)::text[])));

CREATE POLICY console_wall ON public.staff_waiting FOR DELETE TO onecard_console USING ((EXISTS ( SELECT
   FROM public.staff_request r
  WHERE (r.approval = staff_waiting.approval))));

CREATE POLICY console_wall ON public.terminals_alarm TO onecard_console USING ((EXISTS ( SELECT
   FROM public.terminals_terminal t
  WHERE (t.terminal = terminals_alarm.terminal)))) WITH CHECK ((EXISTS ( SELECT
   FROM public.terminals_terminal t
  WHERE (t.terminal = terminals_alarm.terminal))));

CREATE POLICY console_wall ON public.terminals_presence TO onecard_console USING ((EXISTS ( SELECT
   FROM public.terminals_terminal t
  WHERE (t.terminal = terminals_presence.terminal)))) WITH CHECK ((EXISTS ( SELECT
   FROM public.terminals_terminal t
  WHERE (t.terminal = terminals_presence.terminal))));

CREATE POLICY console_wall ON public.terminals_settlement TO onecard_console USING ((EXISTS ( SELECT
   FROM public.terminals_terminal t
  WHERE (t.terminal = terminals_settlement.terminal)))) WITH CHECK ((EXISTS ( SELECT
   FROM public.terminals_terminal t
  WHERE (t.terminal = terminals_settlement.terminal))));

CREATE POLICY console_wall ON public.terminals_site TO onecard_console USING ((region ^@ ANY (( SELECT public.db_regions() AS db_regions)::text[]))) WITH CHECK ((region ^@ ANY (( SELECT public.db_regions() AS db_regions)::text[])));

CREATE POLICY console_wall ON public.terminals_site_state TO onecard_console USING ((EXISTS ( SELECT
   FROM public.terminals_site s
  WHERE (s.site = terminals_site_state.site)))) WITH CHECK ((EXISTS ( SELECT
   FROM public.terminals_site s
  WHERE (s.site = terminals_site_state.site))));

CREATE POLICY console_wall ON public.terminals_terminal TO onecard_console USING ((EXISTS ( SELECT
   FROM public.terminals_site s
  WHERE (s.site = terminals_terminal.site)))) WITH CHECK ((EXISTS ( SELECT
   FROM public.terminals_site s
  WHERE (s.site = terminals_terminal.site))));

CREATE POLICY console_wall ON public.terminals_test_case TO onecard_console USING ((EXISTS ( SELECT
   FROM public.terminals_terminal t
  WHERE (t.terminal = terminals_test_case.terminal)))) WITH CHECK ((EXISTS ( SELECT
   FROM public.terminals_terminal t
  WHERE (t.terminal = terminals_test_case.terminal))));

CREATE POLICY console_wall ON public.uses_month TO onecard_console USING ((region ^@ ANY (( SELECT public.db_regions() AS db_regions)::text[])));

CREATE POLICY console_wall ON public.uses_tally TO onecard_console USING ((region ^@ ANY (( SELECT public.db_regions() AS db_regions)::text[])));

ALTER TABLE public.ledger_accumulator ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ledger_offline_answer ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ledger_reversal ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ledger_use ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.payouts_event ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.payouts_line ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.payouts_roster ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.people_fact ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.people_identity ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.people_mark ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.people_number ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.people_scope ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.people_subject ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.releases_proposal ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.staff_approval_use ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.staff_decision ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.staff_request ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.staff_waiting ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.terminals_alarm ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.terminals_presence ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.terminals_settlement ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.terminals_site ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.terminals_site_state ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.terminals_terminal ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.terminals_test_case ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.uses_month ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.uses_tally ENABLE ROW LEVEL SECURITY;

REVOKE ALL ON FUNCTION public.audit_cut_off(erased bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.audit_cut_off(erased bigint) TO onecard_desk;

REVOKE ALL ON FUNCTION public.audit_erase(erased bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION public.audit_erase(erased bigint) TO onecard_desk;

REVOKE ALL ON FUNCTION public.payouts_key_cycle(keyed text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.payouts_key_cycle(keyed text) TO onecard_batch;

REVOKE ALL ON FUNCTION public.payouts_open_cycle(opened text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.payouts_open_cycle(opened text) TO onecard_batch;

GRANT SELECT ON TABLE public.audit_alarm TO onecard_lane;
GRANT SELECT ON TABLE public.audit_alarm TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.audit_alarm TO onecard_batch;
GRANT SELECT ON TABLE public.audit_alarm TO onecard_audit_ro;
GRANT SELECT ON TABLE public.audit_alarm TO onecard_console;

GRANT SELECT ON TABLE public.audit_alarm_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.audit_alarm_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.audit_alarm_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.audit_alarm_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.audit_alarm_v1 TO onecard_console;

GRANT SELECT,INSERT,DELETE ON TABLE public.audit_canary TO onecard_batch;

GRANT SELECT ON TABLE public.audit_entry TO onecard_lane;
GRANT SELECT,INSERT ON TABLE public.audit_entry TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.audit_entry TO onecard_batch;
GRANT SELECT ON TABLE public.audit_entry TO onecard_audit_ro;
GRANT SELECT,INSERT ON TABLE public.audit_entry TO onecard_console;

GRANT SELECT ON TABLE public.audit_entry_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.audit_entry_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.audit_entry_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.audit_entry_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.audit_entry_v1 TO onecard_console;

GRANT SELECT ON TABLE public.audit_head TO onecard_lane;
GRANT SELECT ON TABLE public.audit_head TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.audit_head TO onecard_batch;
GRANT SELECT ON TABLE public.audit_head TO onecard_audit_ro;
GRANT SELECT ON TABLE public.audit_head TO onecard_console;

GRANT UPDATE(witnessed_at) ON TABLE public.audit_head TO onecard_batch;

GRANT SELECT ON TABLE public.audit_head_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.audit_head_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.audit_head_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.audit_head_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.audit_head_v1 TO onecard_console;

GRANT SELECT ON TABLE public.audit_log TO onecard_lane;
GRANT SELECT ON TABLE public.audit_log TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.audit_log TO onecard_batch;
GRANT SELECT ON TABLE public.audit_log TO onecard_audit_ro;
GRANT SELECT ON TABLE public.audit_log TO onecard_console;

GRANT SELECT ON TABLE public.audit_log_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.audit_log_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.audit_log_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.audit_log_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.audit_log_v1 TO onecard_console;

GRANT SELECT,INSERT ON TABLE public.cards_account TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.cards_account TO onecard_batch;
GRANT SELECT,INSERT ON TABLE public.cards_account TO onecard_console;

GRANT UPDATE(key_id) ON TABLE public.cards_account TO onecard_batch;

GRANT UPDATE(sealed) ON TABLE public.cards_account TO onecard_batch;

GRANT SELECT ON TABLE public.cards_account_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.cards_account_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.cards_account_v1 TO onecard_audit_ro;

GRANT SELECT ON TABLE public.cards_credential TO onecard_lane;
GRANT SELECT,INSERT ON TABLE public.cards_credential TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.cards_credential TO onecard_batch;
GRANT SELECT ON TABLE public.cards_credential TO onecard_audit_ro;
GRANT SELECT,INSERT ON TABLE public.cards_credential TO onecard_console;

GRANT SELECT ON TABLE public.cards_alias_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.cards_alias_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.cards_alias_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.cards_alias_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.cards_alias_v1 TO onecard_console;

GRANT SELECT,INSERT ON TABLE public.cards_application TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.cards_application TO onecard_batch;
GRANT SELECT ON TABLE public.cards_application TO onecard_audit_ro;
GRANT SELECT ON TABLE public.cards_application TO onecard_console;

GRANT SELECT,INSERT ON TABLE public.cards_application_state TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.cards_application_state TO onecard_batch;
GRANT SELECT ON TABLE public.cards_application_state TO onecard_audit_ro;
GRANT SELECT ON TABLE public.cards_application_state TO onecard_console;

GRANT SELECT,INSERT ON TABLE public.cards_bank_state TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.cards_bank_state TO onecard_batch;
GRANT SELECT ON TABLE public.cards_bank_state TO onecard_audit_ro;
GRANT SELECT,INSERT ON TABLE public.cards_bank_state TO onecard_console;
GRANT SELECT ON TABLE public.cards_bank_state TO onecard_lane;

GRANT SELECT ON TABLE public.cards_bank_state_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.cards_bank_state_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.cards_bank_state_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.cards_bank_state_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.cards_bank_state_v1 TO onecard_console;

GRANT SELECT,INSERT ON TABLE public.cards_batch TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.cards_batch TO onecard_batch;
GRANT SELECT ON TABLE public.cards_batch TO onecard_audit_ro;

GRANT SELECT,INSERT ON TABLE public.cards_batch_row TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.cards_batch_row TO onecard_batch;
GRANT SELECT ON TABLE public.cards_batch_row TO onecard_audit_ro;

GRANT SELECT,INSERT ON TABLE public.cards_binding TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.cards_binding TO onecard_batch;
GRANT SELECT ON TABLE public.cards_binding TO onecard_audit_ro;
GRANT SELECT,INSERT ON TABLE public.cards_binding TO onecard_console;
GRANT SELECT ON TABLE public.cards_binding TO onecard_lane;

GRANT SELECT ON TABLE public.cards_binding_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.cards_binding_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.cards_binding_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.cards_binding_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.cards_binding_v1 TO onecard_console;

GRANT SELECT,INSERT ON TABLE public.cards_card TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.cards_card TO onecard_batch;
GRANT SELECT,INSERT ON TABLE public.cards_card TO onecard_console;

GRANT UPDATE(key_id) ON TABLE public.cards_card TO onecard_batch;

GRANT UPDATE(sealed) ON TABLE public.cards_card TO onecard_batch;

GRANT UPDATE(tail_mark) ON TABLE public.cards_card TO onecard_batch;

GRANT SELECT ON TABLE public.cards_card_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.cards_card_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.cards_card_v1 TO onecard_audit_ro;

GRANT SELECT ON TABLE public.cards_credential_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.cards_credential_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.cards_credential_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.cards_credential_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.cards_credential_v1 TO onecard_console;

GRANT SELECT,INSERT ON TABLE public.cards_feed TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.cards_feed TO onecard_batch;
GRANT SELECT ON TABLE public.cards_feed TO onecard_audit_ro;

GRANT SELECT,INSERT ON TABLE public.cards_move TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.cards_move TO onecard_batch;
GRANT SELECT ON TABLE public.cards_move TO onecard_audit_ro;
GRANT SELECT,INSERT ON TABLE public.cards_move TO onecard_console;

GRANT SELECT,INSERT ON TABLE public.cards_pseudonym TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.cards_pseudonym TO onecard_batch;

GRANT UPDATE(key_id) ON TABLE public.cards_pseudonym TO onecard_batch;

GRANT UPDATE(sealed) ON TABLE public.cards_pseudonym TO onecard_batch;

GRANT SELECT,INSERT ON TABLE public.cards_return TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.cards_return TO onecard_batch;
GRANT SELECT ON TABLE public.cards_return TO onecard_audit_ro;

GRANT SELECT ON TABLE public.cards_state TO onecard_lane;
GRANT SELECT,INSERT ON TABLE public.cards_state TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.cards_state TO onecard_batch;
GRANT SELECT ON TABLE public.cards_state TO onecard_audit_ro;
GRANT SELECT,INSERT ON TABLE public.cards_state TO onecard_console;

GRANT SELECT ON TABLE public.cards_state_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.cards_state_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.cards_state_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.cards_state_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.cards_state_v1 TO onecard_console;

GRANT SELECT ON TABLE public.db_change TO onecard_lane;
GRANT SELECT ON TABLE public.db_change TO onecard_desk;
GRANT SELECT ON TABLE public.db_change TO onecard_batch;
GRANT SELECT ON TABLE public.db_change TO onecard_audit_ro;
GRANT SELECT ON TABLE public.db_change TO onecard_console;

GRANT UPDATE(version) ON TABLE public.db_change TO onecard_desk;
GRANT UPDATE(version) ON TABLE public.db_change TO onecard_batch;
GRANT UPDATE(version) ON TABLE public.db_change TO onecard_console;

GRANT SELECT ON TABLE public.db_migration TO onecard_lane;
GRANT SELECT ON TABLE public.db_migration TO onecard_desk;
GRANT SELECT ON TABLE public.db_migration TO onecard_batch;
GRANT SELECT ON TABLE public.db_migration TO onecard_audit_ro;

GRANT SELECT ON TABLE public.keys_canary TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.keys_canary TO onecard_batch;
GRANT SELECT ON TABLE public.keys_canary TO onecard_audit_ro;

GRANT UPDATE(retired_at) ON TABLE public.keys_canary TO onecard_batch;

GRANT SELECT,INSERT,UPDATE ON TABLE public.ledger_accumulator TO onecard_lane;
GRANT SELECT ON TABLE public.ledger_accumulator TO onecard_desk;
GRANT SELECT ON TABLE public.ledger_accumulator TO onecard_batch;
GRANT SELECT ON TABLE public.ledger_accumulator TO onecard_audit_ro;
GRANT SELECT ON TABLE public.ledger_accumulator TO onecard_console;

GRANT SELECT ON TABLE public.ledger_accumulator_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.ledger_accumulator_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.ledger_accumulator_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.ledger_accumulator_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.ledger_accumulator_v1 TO onecard_console;

GRANT SELECT,INSERT ON TABLE public.ledger_code TO onecard_lane;
GRANT SELECT ON TABLE public.ledger_code TO onecard_desk;
GRANT SELECT ON TABLE public.ledger_code TO onecard_batch;
GRANT SELECT ON TABLE public.ledger_code TO onecard_audit_ro;

GRANT SELECT ON TABLE public.ledger_code_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.ledger_code_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.ledger_code_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.ledger_code_v1 TO onecard_audit_ro;

GRANT SELECT,INSERT ON TABLE public.ledger_conflict TO onecard_lane;
GRANT SELECT ON TABLE public.ledger_conflict TO onecard_desk;
GRANT SELECT ON TABLE public.ledger_conflict TO onecard_batch;
GRANT SELECT ON TABLE public.ledger_conflict TO onecard_audit_ro;

GRANT SELECT ON TABLE public.ledger_conflict_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.ledger_conflict_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.ledger_conflict_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.ledger_conflict_v1 TO onecard_audit_ro;

GRANT SELECT,INSERT ON TABLE public.ledger_leaf TO onecard_lane;
GRANT SELECT ON TABLE public.ledger_leaf TO onecard_desk;
GRANT SELECT ON TABLE public.ledger_leaf TO onecard_batch;
GRANT SELECT ON TABLE public.ledger_leaf TO onecard_audit_ro;

GRANT SELECT ON TABLE public.ledger_leaf_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.ledger_leaf_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.ledger_leaf_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.ledger_leaf_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.ledger_leaf_v1 TO onecard_console;

GRANT SELECT,INSERT ON TABLE public.ledger_link TO onecard_lane;
GRANT SELECT ON TABLE public.ledger_link TO onecard_desk;
GRANT SELECT ON TABLE public.ledger_link TO onecard_batch;
GRANT SELECT ON TABLE public.ledger_link TO onecard_audit_ro;

GRANT UPDATE(good) ON TABLE public.ledger_link TO onecard_lane;
GRANT UPDATE(good) ON TABLE public.ledger_link TO onecard_desk;

GRANT SELECT ON TABLE public.ledger_link_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.ledger_link_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.ledger_link_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.ledger_link_v1 TO onecard_audit_ro;

GRANT SELECT,INSERT ON TABLE public.ledger_offline_answer TO onecard_lane;
GRANT SELECT ON TABLE public.ledger_offline_answer TO onecard_desk;
GRANT SELECT ON TABLE public.ledger_offline_answer TO onecard_batch;
GRANT SELECT ON TABLE public.ledger_offline_answer TO onecard_audit_ro;
GRANT SELECT ON TABLE public.ledger_offline_answer TO onecard_console;

GRANT SELECT ON TABLE public.ledger_offline_answer_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.ledger_offline_answer_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.ledger_offline_answer_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.ledger_offline_answer_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.ledger_offline_answer_v1 TO onecard_console;

GRANT SELECT,INSERT,UPDATE ON TABLE public.ledger_place TO onecard_lane;
GRANT SELECT ON TABLE public.ledger_place TO onecard_desk;
GRANT SELECT ON TABLE public.ledger_place TO onecard_batch;
GRANT SELECT ON TABLE public.ledger_place TO onecard_audit_ro;

GRANT SELECT ON TABLE public.ledger_place_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.ledger_place_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.ledger_place_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.ledger_place_v1 TO onecard_audit_ro;

GRANT SELECT,INSERT ON TABLE public.ledger_posting TO onecard_lane;
GRANT SELECT ON TABLE public.ledger_posting TO onecard_desk;
GRANT SELECT ON TABLE public.ledger_posting TO onecard_batch;
GRANT SELECT ON TABLE public.ledger_posting TO onecard_audit_ro;

GRANT SELECT ON TABLE public.ledger_posting_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.ledger_posting_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.ledger_posting_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.ledger_posting_v1 TO onecard_audit_ro;

GRANT SELECT,INSERT ON TABLE public.ledger_reversal TO onecard_lane;
GRANT SELECT ON TABLE public.ledger_reversal TO onecard_desk;
GRANT SELECT ON TABLE public.ledger_reversal TO onecard_batch;
GRANT SELECT ON TABLE public.ledger_reversal TO onecard_audit_ro;
GRANT SELECT ON TABLE public.ledger_reversal TO onecard_console;

GRANT SELECT ON TABLE public.ledger_reversal_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.ledger_reversal_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.ledger_reversal_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.ledger_reversal_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.ledger_reversal_v1 TO onecard_console;

GRANT SELECT,INSERT ON TABLE public.ledger_use TO onecard_lane;
GRANT SELECT ON TABLE public.ledger_use TO onecard_desk;
GRANT SELECT ON TABLE public.ledger_use TO onecard_batch;
GRANT SELECT ON TABLE public.ledger_use TO onecard_audit_ro;
GRANT SELECT ON TABLE public.ledger_use TO onecard_console;

GRANT SELECT ON TABLE public.ledger_use_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.ledger_use_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.ledger_use_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.ledger_use_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.ledger_use_v1 TO onecard_console;

GRANT SELECT ON TABLE public.payouts_account TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.payouts_account TO onecard_batch;
GRANT SELECT ON TABLE public.payouts_account TO onecard_audit_ro;

GRANT UPDATE(key_id) ON TABLE public.payouts_account TO onecard_batch;

GRANT UPDATE(sealed) ON TABLE public.payouts_account TO onecard_batch;

GRANT SELECT ON TABLE public.payouts_event TO onecard_lane;
GRANT SELECT ON TABLE public.payouts_event TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.payouts_event TO onecard_batch;
GRANT SELECT ON TABLE public.payouts_event TO onecard_audit_ro;
GRANT SELECT ON TABLE public.payouts_event TO onecard_console;

GRANT SELECT ON TABLE public.payouts_event_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.payouts_event_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.payouts_event_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.payouts_event_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.payouts_event_v1 TO onecard_console;

GRANT SELECT ON TABLE public.payouts_evidence TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.payouts_evidence TO onecard_batch;
GRANT SELECT ON TABLE public.payouts_evidence TO onecard_audit_ro;

GRANT SELECT ON TABLE public.payouts_line TO onecard_lane;
GRANT SELECT ON TABLE public.payouts_line TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.payouts_line TO onecard_batch;
GRANT SELECT ON TABLE public.payouts_line TO onecard_audit_ro;
GRANT SELECT ON TABLE public.payouts_line TO onecard_console;

GRANT UPDATE(state) ON TABLE public.payouts_line TO onecard_batch;

GRANT SELECT ON TABLE public.payouts_line_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.payouts_line_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.payouts_line_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.payouts_line_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.payouts_line_v1 TO onecard_console;

GRANT SELECT ON TABLE public.payouts_move TO onecard_lane;
GRANT SELECT ON TABLE public.payouts_move TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.payouts_move TO onecard_batch;
GRANT SELECT ON TABLE public.payouts_move TO onecard_audit_ro;
GRANT SELECT ON TABLE public.payouts_move TO onecard_console;

GRANT SELECT ON TABLE public.payouts_roster TO onecard_lane;
GRANT SELECT ON TABLE public.payouts_roster TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.payouts_roster TO onecard_batch;
GRANT SELECT ON TABLE public.payouts_roster TO onecard_audit_ro;
GRANT SELECT ON TABLE public.payouts_roster TO onecard_console;

GRANT UPDATE(state) ON TABLE public.payouts_roster TO onecard_batch;

GRANT SELECT ON TABLE public.payouts_roster_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.payouts_roster_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.payouts_roster_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.payouts_roster_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.payouts_roster_v1 TO onecard_console;

GRANT SELECT ON TABLE public.people_batch TO onecard_lane;
GRANT SELECT,INSERT ON TABLE public.people_batch TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.people_batch TO onecard_batch;
GRANT SELECT ON TABLE public.people_batch TO onecard_audit_ro;
GRANT INSERT ON TABLE public.people_batch TO onecard_console;

GRANT SELECT ON TABLE public.people_batch_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.people_batch_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.people_batch_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.people_batch_v1 TO onecard_audit_ro;

GRANT SELECT ON TABLE public.people_fact TO onecard_lane;
GRANT SELECT,INSERT ON TABLE public.people_fact TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.people_fact TO onecard_batch;
GRANT SELECT ON TABLE public.people_fact TO onecard_audit_ro;
GRANT SELECT,INSERT ON TABLE public.people_fact TO onecard_console;

GRANT UPDATE(batch) ON TABLE public.people_fact TO onecard_batch;

GRANT SELECT ON TABLE public.people_fact_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.people_fact_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.people_fact_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.people_fact_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.people_fact_v1 TO onecard_console;

GRANT SELECT,INSERT ON TABLE public.people_identity TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.people_identity TO onecard_batch;
GRANT SELECT ON TABLE public.people_identity TO onecard_console;

GRANT UPDATE(key_id) ON TABLE public.people_identity TO onecard_batch;

GRANT UPDATE(sealed) ON TABLE public.people_identity TO onecard_batch;

GRANT SELECT,INSERT ON TABLE public.people_mark TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.people_mark TO onecard_batch;
GRANT SELECT ON TABLE public.people_mark TO onecard_console;

GRANT UPDATE(region) ON TABLE public.people_mark TO onecard_desk;
GRANT UPDATE(region) ON TABLE public.people_mark TO onecard_batch;
GRANT UPDATE(region) ON TABLE public.people_mark TO onecard_console;

GRANT SELECT,INSERT ON TABLE public.people_number TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.people_number TO onecard_batch;
GRANT SELECT ON TABLE public.people_number TO onecard_console;

GRANT SELECT ON TABLE public.people_number_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.people_number_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.people_number_v1 TO onecard_audit_ro;

GRANT SELECT ON TABLE public.people_scope TO onecard_lane;
GRANT SELECT,INSERT,UPDATE ON TABLE public.people_scope TO onecard_desk;
GRANT SELECT,INSERT,UPDATE ON TABLE public.people_scope TO onecard_batch;
GRANT SELECT ON TABLE public.people_scope TO onecard_audit_ro;
GRANT SELECT,INSERT,UPDATE ON TABLE public.people_scope TO onecard_console;

GRANT SELECT ON TABLE public.people_scope_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.people_scope_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.people_scope_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.people_scope_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.people_scope_v1 TO onecard_console;

GRANT SELECT ON TABLE public.people_subject TO onecard_lane;
GRANT SELECT,INSERT ON TABLE public.people_subject TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.people_subject TO onecard_batch;
GRANT SELECT ON TABLE public.people_subject TO onecard_audit_ro;
GRANT SELECT ON TABLE public.people_subject TO onecard_console;

GRANT UPDATE(batch) ON TABLE public.people_subject TO onecard_batch;

GRANT SELECT ON TABLE public.people_subject_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.people_subject_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.people_subject_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.people_subject_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.people_subject_v1 TO onecard_console;

GRANT SELECT,DELETE,UPDATE ON TABLE public.people_unmarked TO onecard_batch;

GRANT SELECT ON TABLE public.people_unsealed TO onecard_lane;
GRANT SELECT ON TABLE public.people_unsealed TO onecard_desk;
GRANT SELECT,DELETE,UPDATE ON TABLE public.people_unsealed TO onecard_batch;
GRANT SELECT ON TABLE public.people_unsealed TO onecard_audit_ro;

GRANT SELECT ON TABLE public.releases_document TO onecard_lane;
GRANT SELECT,INSERT ON TABLE public.releases_document TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.releases_document TO onecard_batch;
GRANT SELECT ON TABLE public.releases_document TO onecard_audit_ro;
GRANT SELECT,INSERT ON TABLE public.releases_document TO onecard_console;

GRANT SELECT ON TABLE public.releases_job TO onecard_lane;
GRANT SELECT ON TABLE public.releases_job TO onecard_desk;
GRANT SELECT ON TABLE public.releases_job TO onecard_batch;
GRANT SELECT ON TABLE public.releases_job TO onecard_audit_ro;
GRANT SELECT,INSERT ON TABLE public.releases_job TO onecard_console;

GRANT UPDATE(after_at) ON TABLE public.releases_job TO onecard_batch;

GRANT UPDATE(after_terminal) ON TABLE public.releases_job TO onecard_batch;

GRANT UPDATE(after_seq) ON TABLE public.releases_job TO onecard_batch;

GRANT UPDATE(examined) ON TABLE public.releases_job TO onecard_batch;

GRANT UPDATE(unknown) ON TABLE public.releases_job TO onecard_batch;

GRANT UPDATE(missing) ON TABLE public.releases_job TO onecard_batch;

GRANT UPDATE(done_at) ON TABLE public.releases_job TO onecard_batch;

GRANT SELECT ON TABLE public.releases_proposal TO onecard_lane;
GRANT SELECT ON TABLE public.releases_proposal TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.releases_proposal TO onecard_batch;
GRANT SELECT ON TABLE public.releases_proposal TO onecard_audit_ro;
GRANT SELECT ON TABLE public.releases_proposal TO onecard_console;

GRANT SELECT ON TABLE public.releases_release TO onecard_lane;
GRANT SELECT ON TABLE public.releases_release TO onecard_desk;
GRANT SELECT ON TABLE public.releases_release TO onecard_batch;
GRANT SELECT ON TABLE public.releases_release TO onecard_audit_ro;
GRANT SELECT,INSERT ON TABLE public.releases_release TO onecard_console;

GRANT SELECT,INSERT ON TABLE public.staff_account TO onecard_desk;
GRANT SELECT ON TABLE public.staff_account TO onecard_batch;

GRANT UPDATE(password_hash) ON TABLE public.staff_account TO onecard_desk;

GRANT UPDATE(totp_key_id) ON TABLE public.staff_account TO onecard_desk;
GRANT UPDATE(totp_key_id) ON TABLE public.staff_account TO onecard_batch;

GRANT UPDATE(totp_sealed) ON TABLE public.staff_account TO onecard_desk;
GRANT UPDATE(totp_sealed) ON TABLE public.staff_account TO onecard_batch;

GRANT UPDATE(closed_at) ON TABLE public.staff_account TO onecard_desk;

GRANT SELECT,INSERT ON TABLE public.staff_admin TO onecard_desk;
GRANT SELECT ON TABLE public.staff_admin TO onecard_audit_ro;

GRANT SELECT,INSERT ON TABLE public.staff_approval_use TO onecard_desk;
GRANT SELECT ON TABLE public.staff_approval_use TO onecard_audit_ro;
GRANT SELECT,INSERT ON TABLE public.staff_approval_use TO onecard_console;

GRANT SELECT,INSERT ON TABLE public.staff_challenge TO onecard_desk;

GRANT SELECT,INSERT ON TABLE public.staff_decision TO onecard_desk;
GRANT SELECT ON TABLE public.staff_decision TO onecard_audit_ro;
GRANT SELECT,INSERT ON TABLE public.staff_decision TO onecard_console;

GRANT SELECT ON TABLE public.staff_decision_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.staff_decision_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.staff_decision_v1 TO onecard_console;

GRANT SELECT,INSERT ON TABLE public.staff_delegation TO onecard_desk;
GRANT SELECT ON TABLE public.staff_delegation TO onecard_audit_ro;

GRANT UPDATE(ended_at) ON TABLE public.staff_delegation TO onecard_desk;

GRANT SELECT,INSERT ON TABLE public.staff_grant TO onecard_desk;
GRANT SELECT ON TABLE public.staff_grant TO onecard_audit_ro;

GRANT UPDATE(ended_by) ON TABLE public.staff_grant TO onecard_desk;

GRANT UPDATE(ended_at) ON TABLE public.staff_grant TO onecard_desk;

GRANT SELECT,INSERT ON TABLE public.staff_person TO onecard_desk;

GRANT UPDATE(rights) ON TABLE public.staff_person TO onecard_desk;

GRANT SELECT ON TABLE public.staff_person_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.staff_person_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.staff_person_v1 TO onecard_console;

GRANT SELECT,INSERT ON TABLE public.staff_proof TO onecard_desk;

GRANT UPDATE(sign_count) ON TABLE public.staff_proof TO onecard_desk;

GRANT SELECT,INSERT ON TABLE public.staff_request TO onecard_desk;
GRANT SELECT ON TABLE public.staff_request TO onecard_audit_ro;
GRANT SELECT,INSERT ON TABLE public.staff_request TO onecard_console;

GRANT SELECT ON TABLE public.staff_request_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.staff_request_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.staff_request_v1 TO onecard_console;

GRANT SELECT,INSERT ON TABLE public.staff_session TO onecard_desk;

GRANT UPDATE(seen_at) ON TABLE public.staff_session TO onecard_desk;

GRANT UPDATE(ended_at) ON TABLE public.staff_session TO onecard_desk;

GRANT SELECT,INSERT,UPDATE ON TABLE public.staff_throttle TO onecard_desk;

GRANT SELECT,INSERT ON TABLE public.staff_totp_last TO onecard_desk;

GRANT UPDATE(step) ON TABLE public.staff_totp_last TO onecard_desk;

GRANT SELECT ON TABLE public.staff_waiting TO onecard_lane;
GRANT SELECT,INSERT,DELETE ON TABLE public.staff_waiting TO onecard_desk;
GRANT SELECT ON TABLE public.staff_waiting TO onecard_batch;
GRANT SELECT ON TABLE public.staff_waiting TO onecard_audit_ro;
GRANT SELECT,INSERT,DELETE ON TABLE public.staff_waiting TO onecard_console;

GRANT SELECT,INSERT ON TABLE public.terminals_alarm TO onecard_lane;
GRANT SELECT,INSERT ON TABLE public.terminals_alarm TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.terminals_alarm TO onecard_batch;
GRANT SELECT ON TABLE public.terminals_alarm TO onecard_audit_ro;
GRANT SELECT ON TABLE public.terminals_alarm TO onecard_console;

GRANT SELECT ON TABLE public.terminals_settlement TO onecard_lane;
GRANT SELECT,INSERT ON TABLE public.terminals_settlement TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.terminals_settlement TO onecard_batch;
GRANT SELECT ON TABLE public.terminals_settlement TO onecard_audit_ro;
GRANT SELECT,INSERT ON TABLE public.terminals_settlement TO onecard_console;

GRANT SELECT ON TABLE public.terminals_alarm_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.terminals_alarm_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.terminals_alarm_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.terminals_alarm_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.terminals_alarm_v1 TO onecard_console;

GRANT SELECT ON TABLE public.terminals_expected TO onecard_lane;
GRANT SELECT,INSERT,DELETE ON TABLE public.terminals_expected TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.terminals_expected TO onecard_batch;
GRANT SELECT ON TABLE public.terminals_expected TO onecard_audit_ro;

GRANT SELECT ON TABLE public.terminals_hotlist TO onecard_lane;
GRANT SELECT,INSERT ON TABLE public.terminals_hotlist TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.terminals_hotlist TO onecard_batch;
GRANT SELECT ON TABLE public.terminals_hotlist TO onecard_audit_ro;
GRANT SELECT,INSERT ON TABLE public.terminals_hotlist TO onecard_console;

GRANT SELECT ON TABLE public.terminals_hotlist_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.terminals_hotlist_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.terminals_hotlist_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.terminals_hotlist_v1 TO onecard_audit_ro;

GRANT SELECT ON TABLE public.terminals_key TO onecard_lane;
GRANT SELECT,INSERT ON TABLE public.terminals_key TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.terminals_key TO onecard_batch;
GRANT SELECT ON TABLE public.terminals_key TO onecard_audit_ro;

GRANT UPDATE(withdrawn_at) ON TABLE public.terminals_key TO onecard_desk;

GRANT SELECT ON TABLE public.terminals_key_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.terminals_key_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.terminals_key_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.terminals_key_v1 TO onecard_audit_ro;

GRANT SELECT ON TABLE public.terminals_operator TO onecard_lane;
GRANT SELECT,INSERT ON TABLE public.terminals_operator TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.terminals_operator TO onecard_batch;
GRANT SELECT ON TABLE public.terminals_operator TO onecard_audit_ro;
GRANT SELECT ON TABLE public.terminals_operator TO onecard_console;

GRANT SELECT ON TABLE public.terminals_presence TO onecard_lane;
GRANT SELECT,INSERT,UPDATE ON TABLE public.terminals_presence TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.terminals_presence TO onecard_batch;
GRANT SELECT ON TABLE public.terminals_presence TO onecard_audit_ro;
GRANT SELECT ON TABLE public.terminals_presence TO onecard_console;

GRANT SELECT ON TABLE public.terminals_presence_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.terminals_presence_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.terminals_presence_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.terminals_presence_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.terminals_presence_v1 TO onecard_console;

GRANT SELECT ON TABLE public.terminals_seen_key TO onecard_lane;
GRANT SELECT,INSERT ON TABLE public.terminals_seen_key TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.terminals_seen_key TO onecard_batch;
GRANT SELECT ON TABLE public.terminals_seen_key TO onecard_audit_ro;

GRANT SELECT ON TABLE public.terminals_seen_key_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.terminals_seen_key_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.terminals_seen_key_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.terminals_seen_key_v1 TO onecard_audit_ro;

GRANT SELECT ON TABLE public.terminals_site TO onecard_lane;
GRANT SELECT,INSERT ON TABLE public.terminals_site TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.terminals_site TO onecard_batch;
GRANT SELECT ON TABLE public.terminals_site TO onecard_audit_ro;
GRANT SELECT ON TABLE public.terminals_site TO onecard_console;

GRANT SELECT ON TABLE public.terminals_site_state TO onecard_lane;
GRANT SELECT,INSERT ON TABLE public.terminals_site_state TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.terminals_site_state TO onecard_batch;
GRANT SELECT ON TABLE public.terminals_site_state TO onecard_audit_ro;
GRANT SELECT,INSERT ON TABLE public.terminals_site_state TO onecard_console;

GRANT SELECT ON TABLE public.terminals_site_state_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.terminals_site_state_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.terminals_site_state_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.terminals_site_state_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.terminals_site_state_v1 TO onecard_console;

GRANT SELECT ON TABLE public.terminals_site_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.terminals_site_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.terminals_site_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.terminals_site_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.terminals_site_v1 TO onecard_console;

GRANT SELECT ON TABLE public.terminals_terminal TO onecard_lane;
GRANT SELECT,INSERT ON TABLE public.terminals_terminal TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.terminals_terminal TO onecard_batch;
GRANT SELECT ON TABLE public.terminals_terminal TO onecard_audit_ro;
GRANT SELECT ON TABLE public.terminals_terminal TO onecard_console;

GRANT SELECT ON TABLE public.terminals_terminal_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.terminals_terminal_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.terminals_terminal_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.terminals_terminal_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.terminals_terminal_v1 TO onecard_console;

GRANT SELECT ON TABLE public.terminals_test_case TO onecard_lane;
GRANT SELECT,INSERT ON TABLE public.terminals_test_case TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.terminals_test_case TO onecard_batch;
GRANT SELECT ON TABLE public.terminals_test_case TO onecard_audit_ro;
GRANT SELECT ON TABLE public.terminals_test_case TO onecard_console;

GRANT SELECT ON TABLE public.terminals_token TO onecard_lane;
GRANT SELECT,INSERT,DELETE ON TABLE public.terminals_token TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.terminals_token TO onecard_batch;
GRANT SELECT ON TABLE public.terminals_token TO onecard_audit_ro;

GRANT SELECT ON TABLE public.uses_month TO onecard_lane;
GRANT SELECT ON TABLE public.uses_month TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.uses_month TO onecard_batch;
GRANT SELECT ON TABLE public.uses_month TO onecard_audit_ro;
GRANT SELECT ON TABLE public.uses_month TO onecard_console;

GRANT UPDATE(uses) ON TABLE public.uses_month TO onecard_batch;

GRANT UPDATE(saved_fen) ON TABLE public.uses_month TO onecard_batch;

GRANT SELECT ON TABLE public.uses_month_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.uses_month_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.uses_month_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.uses_month_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.uses_month_v1 TO onecard_console;

GRANT SELECT ON TABLE public.uses_tally TO onecard_lane;
GRANT SELECT ON TABLE public.uses_tally TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.uses_tally TO onecard_batch;
GRANT SELECT ON TABLE public.uses_tally TO onecard_audit_ro;
GRANT SELECT ON TABLE public.uses_tally TO onecard_console;

GRANT UPDATE(uses) ON TABLE public.uses_tally TO onecard_batch;

GRANT UPDATE(list_price_fen) ON TABLE public.uses_tally TO onecard_batch;

GRANT UPDATE(paid_fen) ON TABLE public.uses_tally TO onecard_batch;

GRANT SELECT ON TABLE public.uses_tally_mark TO onecard_lane;
GRANT SELECT ON TABLE public.uses_tally_mark TO onecard_desk;
GRANT SELECT,INSERT ON TABLE public.uses_tally_mark TO onecard_batch;
GRANT SELECT ON TABLE public.uses_tally_mark TO onecard_audit_ro;
GRANT SELECT ON TABLE public.uses_tally_mark TO onecard_console;

GRANT UPDATE("position") ON TABLE public.uses_tally_mark TO onecard_batch;

GRANT SELECT ON TABLE public.uses_waiting_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.uses_waiting_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.uses_waiting_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.uses_waiting_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.uses_waiting_v1 TO onecard_console;

GRANT SELECT ON TABLE public.uses_sum_v1 TO onecard_lane;
GRANT SELECT ON TABLE public.uses_sum_v1 TO onecard_desk;
GRANT SELECT ON TABLE public.uses_sum_v1 TO onecard_batch;
GRANT SELECT ON TABLE public.uses_sum_v1 TO onecard_audit_ro;
GRANT SELECT ON TABLE public.uses_sum_v1 TO onecard_console;
