-- By what the console lists and adds up uses: newest first, and only what one look needs.

-- Everything a filter asks and a total adds stands in the index itself: a list finds its 50 rows, and a total its sums, without
-- reading a single record. Taps write at its right end.
CREATE INDEX ledger_use_time ON ledger_use (occurred_at, terminal, seq)
    INCLUDE (region, site_kind, site, outcome, reason, list_price_fen, paid_fen);
-- What was taken back is taken off a total; there are few.
CREATE INDEX ledger_reversal_day ON ledger_reversal (day);
