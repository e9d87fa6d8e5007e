-- What the console does beyond looking: cards made at the desk, alarms settled, sites moved on; and by whom the audit is searched.

-- A card is made behind the wall: for who is in scope, by INSERT alone. Its account is walled like the card itself.
GRANT INSERT ON cards_credential, cards_card, cards_binding, cards_account TO onecard_console;
GRANT SELECT ON cards_account TO onecard_console;
-- An alarm is settled by whoever sees the terminal.
GRANT SELECT, INSERT ON terminals_settlement TO onecard_console;
-- A page of the audit tells of each entry whether it stands in the log as it was written.
GRANT SELECT ON audit_log, audit_head, audit_alarm TO onecard_console;

DO $$
DECLARE
    walled record;
BEGIN
    FOR walled IN SELECT * FROM (VALUES
        ('cards_account', 'EXISTS (SELECT FROM people_scope AS s WHERE s.subject = cards_account.subject)'),
        ('terminals_settlement', 'EXISTS (SELECT FROM terminals_terminal AS t WHERE t.terminal = terminals_settlement.terminal)')
    ) AS w (table_name, condition)
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', walled.table_name);
        EXECUTE format('CREATE POLICY console_wall ON %I TO onecard_console USING (%s) WITH CHECK (%s)',
            walled.table_name, walled.condition, walled.condition);
        EXECUTE format('CREATE POLICY all_rows ON %I TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro '
            'USING (true) WITH CHECK (true)', walled.table_name);
    END LOOP;
END
$$;

-- What one person did, newest first, page by page.
CREATE INDEX audit_entry_who ON audit_entry (person, at, entry);
-- What waits about one person: whoever serves him is told before he prepares it again.
CREATE INDEX staff_request_subject ON staff_request (subject, prepared_at) WHERE subject IS NOT NULL;
-- Which devices stand at a site.
CREATE INDEX terminals_terminal_site ON terminals_terminal (site);
