package store

import (
	"errors"
	"fmt"
)

// schemaVersion is kept in SQLite's user_version and PostgreSQL's state. It also
// counts the changes of how rows are derived: a database with tablesVersion has the
// same tables and gets all its rows anew.
const schemaVersion, tablesVersion = 7, 4

// The index tables are clustered by what is searched for, and by resource within
// one value, so that the rarest condition can be scanned and the others sought.
//
// name is a dictionary of resource types, parameters (Type.code) and code
// systems. A resource that is referred to before it is written has a row with
// version 0. state has one row: the latest time that a version was given, Unix
// milliseconds, and the latest rid and name.code. pgschema.go says the same to
// PostgreSQL.
const schema = `
CREATE TABLE IF NOT EXISTS name (code INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS resource (
	rid     INTEGER PRIMARY KEY,
	type    INTEGER NOT NULL,
	id      TEXT NOT NULL,
	version INTEGER NOT NULL,
	updated INTEGER NOT NULL, -- Unix milliseconds
	live    INTEGER NOT NULL, -- 1, or 0 of what was deleted or never written
	method  TEXT NOT NULL,
	body    BLOB NOT NULL,    -- see resource.go
	UNIQUE (type, id)
);
CREATE INDEX IF NOT EXISTS resource_by_time ON resource (type, live, updated);
CREATE INDEX IF NOT EXISTS resource_by_type ON resource (type, live);
CREATE TABLE IF NOT EXISTS history (
	rid INTEGER NOT NULL, version INTEGER NOT NULL, updated INTEGER NOT NULL, method TEXT NOT NULL, body BLOB NOT NULL,
	PRIMARY KEY (rid, version)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS history_by_time ON history (updated);
CREATE TABLE IF NOT EXISTS counter (type INTEGER PRIMARY KEY, live INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS token_index (
	param INTEGER NOT NULL, code TEXT NOT NULL, rid INTEGER NOT NULL, system INTEGER NOT NULL,
	PRIMARY KEY (param, code, rid, system)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS string_index (
	param INTEGER NOT NULL, folded TEXT NOT NULL, exact TEXT NOT NULL, rid INTEGER NOT NULL,
	PRIMARY KEY (param, folded, exact, rid)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS reference_index (
	param INTEGER NOT NULL, target INTEGER NOT NULL, rid INTEGER NOT NULL,
	PRIMARY KEY (param, target, rid)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS reference_from ON reference_index (rid, param, target);
CREATE TABLE IF NOT EXISTS date_index (
	param INTEGER NOT NULL, low INTEGER NOT NULL, high INTEGER NOT NULL, rid INTEGER NOT NULL,
	PRIMARY KEY (param, rid, low, high)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS date_by_time ON date_index (param, low, high, rid);
CREATE TABLE IF NOT EXISTS quantity_index (
	param INTEGER NOT NULL, unit TEXT NOT NULL, low REAL NOT NULL, high REAL NOT NULL, system INTEGER NOT NULL, rid INTEGER NOT NULL,
	PRIMARY KEY (param, unit, low, high, system, rid)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS uri_index (
	param INTEGER NOT NULL, uri TEXT NOT NULL, rid INTEGER NOT NULL,
	PRIMARY KEY (param, uri, rid)
) WITHOUT ROWID;
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5(text, content = '', contentless_delete = 1, detail = 'none', tokenize = 'ascii');
CREATE TABLE IF NOT EXISTS unread (rid INTEGER PRIMARY KEY);
CREATE TABLE IF NOT EXISTS state (one INTEGER PRIMARY KEY, clock INTEGER NOT NULL, rid INTEGER NOT NULL, code INTEGER NOT NULL);
INSERT OR IGNORE INTO state (one, clock, rid, code) SELECT 1,
	max(coalesce((SELECT max(updated) FROM resource), 0), coalesce((SELECT max(updated) FROM history), 0)),
	coalesce((SELECT max(rid) FROM resource), 0), coalesce((SELECT max(code) FROM name), 0);`

var errSchema = errors.New("the database was written by another version of this program: export from that one and import here")

func (c *liteConn) prepareSchema() error {
	version, _, err := number(c, "PRAGMA user_version")
	if err != nil {
		return err
	}
	tables, _, err := number(c, "SELECT count(*) FROM sqlite_master WHERE name = 'resource'")
	if err != nil {
		return err
	}
	next := int64(schemaVersion)
	if tables > 0 {
		if next = tablesVersion; version >= tablesVersion && version <= schemaVersion {
			return nil
		}
		// Version 2 is the same without state, and both it and 3 without words.
		if version != 2 && version != 3 {
			return errSchema
		}
	}
	err = c.db.Exec("BEGIN IMMEDIATE;" + schema)
	if err == nil {
		err = c.db.Exec(fmt.Sprintf("INSERT OR IGNORE INTO unread (rid) SELECT rid FROM resource WHERE live = 1; PRAGMA user_version = %d; COMMIT", next))
	}
	if err != nil {
		return errors.Join(err, c.db.Exec("ROLLBACK"))
	}
	c.forget()
	return nil
}
