-- A sight's annual pass is sold on a card; it follows to a new one like a reader's or a passenger's number.
ALTER TABLE cards_binding DROP CONSTRAINT cards_binding_kind_check;
ALTER TABLE cards_binding ADD CONSTRAINT cards_binding_kind_check
    CHECK (kind IN ('annual_pass', 'library', 'meal', 'subsidy', 'transit'));
