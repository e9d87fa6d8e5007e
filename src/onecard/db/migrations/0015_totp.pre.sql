-- Staff: the steps of one-time codes that an account has used only rise.

-- The thirty seconds whose one-time code an account used last. That one and all before it are good for nothing any more, used or
-- not: a code that was looked over a shoulder is worth nothing once its owner has signed in with the next.
CREATE TABLE staff_totp_last (
    account text PRIMARY KEY,
    step bigint NOT NULL CHECK (step >= 0)
);

SELECT oc_reference('staff_totp_last');

ALTER TABLE staff_totp_last ADD FOREIGN KEY (account) REFERENCES staff_account (account);

-- What was used until now, in the table of single steps that the program no longer asks.
INSERT INTO staff_totp_last (account, step) SELECT account, max(step) FROM staff_totp_step GROUP BY account;

GRANT SELECT, INSERT ON staff_totp_last TO onecard_desk;
GRANT UPDATE (step) ON staff_totp_last TO onecard_desk;
