package store

import (
	"context"
	"errors"
	"fmt"
)

// pgSchema is schema in PostgreSQL's words. Text is compared by its bytes. An
// index row is never there twice, so no index has to look for that; what a search
// seeks comes first in it, and the resource behind, as in SQLite, where its order
// helps. Indexes that begin with the resource grow at their end, which keeps them
// small, and one entry stands for all equal keys.
const pgSchema = `
CREATE TABLE name (code int PRIMARY KEY, text text COLLATE "C" NOT NULL UNIQUE);
CREATE TABLE resource (
	rid     bigint PRIMARY KEY,
	updated bigint NOT NULL,
	version bigint NOT NULL,
	type    int NOT NULL,
	live    smallint NOT NULL,
	method  text COLLATE "C" NOT NULL,
	id      text COLLATE "C" NOT NULL,
	body    bytea NOT NULL,
	UNIQUE (type, id)
);
ALTER TABLE resource ALTER body SET STORAGE EXTERNAL;
CREATE INDEX resource_by_time ON resource (type, live, updated);
CREATE INDEX resource_by_type ON resource (type, live, rid);
CREATE TABLE history (
	rid bigint, updated bigint NOT NULL, version bigint, method text COLLATE "C" NOT NULL, body bytea NOT NULL,
	PRIMARY KEY (rid, version)
);
ALTER TABLE history ALTER body SET STORAGE EXTERNAL;
CREATE INDEX history_by_time ON history (updated);
CREATE TABLE counter (type int PRIMARY KEY, live bigint NOT NULL);
CREATE TABLE token_index (rid bigint NOT NULL, param int NOT NULL, system int NOT NULL, code text COLLATE "C" NOT NULL);
CREATE INDEX token_by_code ON token_index (param, code, rid);
CREATE TABLE string_index (rid bigint NOT NULL, param int NOT NULL, folded text COLLATE "C" NOT NULL, exact text COLLATE "C" NOT NULL, whole text COLLATE "C");
CREATE INDEX string_by_text ON string_index (param, folded, rid);
CREATE TABLE reference_index (rid bigint NOT NULL, target bigint NOT NULL, param int NOT NULL);
CREATE INDEX reference_to ON reference_index (param, target, rid);
CREATE INDEX reference_from ON reference_index (rid);
CREATE TABLE date_index (rid bigint NOT NULL, low bigint NOT NULL, high bigint NOT NULL, param int NOT NULL);
CREATE INDEX date_of ON date_index (rid, param);
CREATE INDEX date_by_time ON date_index (param, low, high, rid);
CREATE TABLE quantity_index (rid bigint NOT NULL, low float8 NOT NULL, high float8 NOT NULL, param int NOT NULL, system int NOT NULL, unit text COLLATE "C" NOT NULL);
CREATE INDEX quantity_by_value ON quantity_index (param, unit, low);
CREATE TABLE uri_index (rid bigint NOT NULL, param int NOT NULL, uri text COLLATE "C" NOT NULL);
CREATE INDEX uri_by_text ON uri_index (param, uri, rid);
CREATE TABLE state (one int PRIMARY KEY, clock bigint NOT NULL, rid bigint NOT NULL, code int NOT NULL, schema_version int NOT NULL);
`

// pgWordTables came with version 4.
const pgWordTables = `
CREATE TABLE words (rid bigint PRIMARY KEY, tokens tsvector NOT NULL);
CREATE INDEX words_by_token ON words USING gin (tokens);
CREATE TABLE unread (rid bigint PRIMARY KEY);
INSERT INTO unread (rid) SELECT rid FROM resource WHERE live = 1;
`

// pgNarrowIndexes came with version 7.
const pgNarrowIndexes = `
DROP INDEX IF EXISTS reference_from, quantity_by_value;
CREATE INDEX reference_from ON reference_index (rid);
CREATE INDEX quantity_by_value ON quantity_index (param, unit, low);
`

// schemaLock keeps two processes from making the schema at the same time.
const schemaLock = 0x70617065

func (c *pgConn) prepareSchema(ctx context.Context) error {
	_, err := c.pg.Exec(ctx, fmt.Sprintf("BEGIN; SELECT pg_advisory_xact_lock(%d); SET LOCAL client_min_messages = warning; CREATE SCHEMA IF NOT EXISTS %s", schemaLock, c.db.schema()))
	if err == nil {
		err = c.makeTables(ctx)
	}
	if err != nil {
		_, undo := c.pg.Exec(ctx, "ROLLBACK")
		return errors.Join(err, undo)
	}
	_, err = c.pg.Exec(ctx, "COMMIT")
	return err
}

func (c *pgConn) makeTables(ctx context.Context) error {
	if encoding := c.pg.PgConn().ParameterStatus("server_encoding"); encoding != "UTF8" {
		return fmt.Errorf("the database's encoding is %s and has to be UTF8: create it with ENCODING 'UTF8' TEMPLATE template0", encoding)
	}
	var there bool
	if err := c.pg.QueryRow(ctx, "SELECT to_regclass('state') IS NOT NULL").Scan(&there); err != nil {
		return err
	}
	if !there {
		_, err := c.pg.Exec(ctx, pgSchema+pgWordTables+fmt.Sprintf("INSERT INTO state VALUES (1, 0, 0, 0, %d)", schemaVersion))
		return err
	}
	version := 0
	if err := c.pg.QueryRow(ctx, "SELECT schema_version FROM state").Scan(&version); err != nil {
		return err
	}
	switch {
	case version == schemaVersion:
		return nil
	case version >= tablesVersion && version < schemaVersion:
		_, err := c.pg.Exec(ctx, pgNarrowIndexes)
		return err
	case version == 3:
		_, err := c.pg.Exec(ctx, pgWordTables+pgNarrowIndexes+fmt.Sprintf("UPDATE state SET schema_version = %d", tablesVersion))
		return err
	}
	return errSchema
}
