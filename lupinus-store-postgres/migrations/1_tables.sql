-- Keys and index values are bytes: their order is that of the bytes, whatever the database's collation, and they may hold anything.
CREATE TABLE record (
    kind bytea NOT NULL,
    key bytea NOT NULL,
    version bigint NOT NULL CHECK (version >= 0),
    schema integer NOT NULL,
    class text NOT NULL,
    -- The index entries as the record has them, in their order: JSON as in an export.
    indexes text NOT NULL,
    -- JSON, kept byte for byte; the views read it as jsonb.
    body text NOT NULL,
    PRIMARY KEY (kind, key)
);
COMMENT ON TABLE record IS 'Everything the store holds. Read the views; write through the program alone.';

-- Index entries that records share.
CREATE TABLE entry (
    kind bytea NOT NULL,
    index bytea NOT NULL,
    value bytea NOT NULL,
    key bytea NOT NULL,
    PRIMARY KEY (kind, index, value, key)
);

-- Index entries that one record holds alone.
CREATE TABLE claim (
    kind bytea NOT NULL,
    index bytea NOT NULL,
    value bytea NOT NULL,
    key bytea NOT NULL,
    PRIMARY KEY (kind, index, value)
);

-- Ends a statement that found a record changed since it was read. Whoever ran it reads again.
CREATE FUNCTION changed_since_read() RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a record changed since it was read' USING ERRCODE = 'serialization_failure';
END
$$;

-- A row for each group of changes that erased something, until the tables have been rewritten without it.
CREATE TABLE erasure (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now()
);
