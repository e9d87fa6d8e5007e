-- The house: roles, the two ways to spread a table over a cluster, and what lanes need to notice a change.

-- Roles of the program own nothing and have no password; later migrations say what each may do.
-- Two databases of one server may be migrated at the same moment, so a role that appears meanwhile is no error.
DO $$
DECLARE
    role_name text;
BEGIN
    FOREACH role_name IN ARRAY ARRAY['onecard_lane', 'onecard_desk', 'onecard_batch', 'onecard_audit_ro'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role_name) THEN
                EXECUTE format('CREATE ROLE %I LOGIN', role_name);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
        -- A login that is no superuser may become the roles it made (SET ROLE); since PostgreSQL 16 that must be said.
        IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
            EXECUTE format('GRANT %I TO CURRENT_USER', role_name);
        END IF;
    END LOOP;
END
$$;

-- A small table that every machine of a cluster holds whole. Without Citus: nothing to do.
CREATE FUNCTION oc_reference(table_name text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
        EXECUTE 'SELECT create_reference_table($1::regclass)' USING table_name;
    END IF;
END
$$;

-- A table whose rows live by a column, beside those of `colocate` with the same value. Without Citus: nothing to do.
CREATE FUNCTION oc_distribute(table_name text, column_name text, colocate text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_extension WHERE extname = 'citus') THEN
        EXECUTE 'SELECT create_distributed_table($1::regclass, $2, colocate_with => $3)'
            USING table_name, column_name, coalesce(colocate, 'none');
    END IF;
END
$$;

-- The last word of a write that is one statement: fewer rows than were sent means a limit was in the way, and all of it
-- is rolled back.
CREATE FUNCTION db_must(got bigint, want bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    IF got IS DISTINCT FROM want THEN
        RAISE EXCEPTION USING ERRCODE = 'OC001', MESSAGE = format('wrote %s of %s rows', got, want);
    END IF;
    RETURN true;
END
$$;

-- How often something that lanes keep in memory has changed: the rule book, and sites with their terminals.
CREATE TABLE db_change (
    name text PRIMARY KEY,
    version bigint NOT NULL CHECK (version >= 0)
);
SELECT oc_reference('db_change');
INSERT INTO db_change (name, version) VALUES ('rules', 0), ('sites', 0);
GRANT SELECT ON db_change TO onecard_lane, onecard_desk, onecard_batch, onecard_audit_ro;
