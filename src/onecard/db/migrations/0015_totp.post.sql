-- Staff: single steps are not kept any more, once no program asks for them.

DROP TABLE staff_totp_step;
