"""What differs between two catalogues is said by kind and name."""

from onecard.db.catalogue import Thing, differences

USE = Thing("constraint", "ledger_use.use_balances")
GRANT = Thing("grant", "ledger_use to onecard_lane")


def test_equal_catalogues_differ_in_nothing():
    assert differences({USE: "CHECK (x)"}, {USE: "CHECK (x)"}) == []


def test_what_is_gone_made_or_changed_is_named():
    assert differences({USE: "CHECK (x)"}, {}) == ["constraint ledger_use.use_balances is gone"]
    assert differences({}, {USE: "CHECK (x)"}) == ["constraint ledger_use.use_balances was made by no migration: CHECK (x)"]
    assert differences({GRANT: "SELECT"}, {GRANT: "SELECT,\n  UPDATE"}) == [
        "grant ledger_use to onecard_lane is SELECT, UPDATE, and should be SELECT"
    ]
