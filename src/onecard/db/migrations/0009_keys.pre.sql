-- Keys are replaced while servers run: what older keys sealed is sealed anew, and each key leaves a canary by which a keyring
-- that belongs to another database is known at once.

-- A known text sealed under each key that ever sealed here; of the key of keyed hashes, its keyed hash.
CREATE TABLE keys_canary (
    key_id text PRIMARY KEY,
    purpose text NOT NULL,
    suite text NOT NULL CHECK (suite IN ('SM', 'INTL')),
    sealed bytea NOT NULL,
    made_at timestamptz NOT NULL,
    retired_at timestamptz                      -- Its secret is destroyed; no row needs it.
);

SELECT oc_reference('keys_canary');

GRANT SELECT ON keys_canary TO onecard_desk, onecard_batch, onecard_audit_ro;
GRANT INSERT ON keys_canary TO onecard_batch;
GRANT UPDATE (retired_at) ON keys_canary TO onecard_batch;
GRANT UPDATE (key_id, sealed) ON people_identity, cards_card, cards_account, cards_pseudonym TO onecard_batch;
GRANT SELECT, UPDATE (totp_key_id, totp_sealed) ON staff_account TO onecard_batch;
