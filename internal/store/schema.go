package store

import (
	"errors"
	"fmt"
)

// schemaVersion is kept in the database's user_version.
const schemaVersion = 2

// The index tables are clustered by what is searched for, and by resource within
// one value, so that the rarest condition can be scanned and the others sought.
//
// name is a dictionary of resource types, parameters (Type.code) and code
// systems. A resource that is referred to before it is written has a row with
// version 0.
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
) WITHOUT ROWID;`

func prepareSchema(c *conn) error {
	version, _, err := c.number("PRAGMA user_version")
	if err != nil {
		return err
	}
	tables, _, err := c.number("SELECT count(*) FROM sqlite_master WHERE name = 'resource'")
	if err != nil {
		return err
	}
	if tables > 0 && version != schemaVersion {
		return errors.New("the database was written by another version of this program: export from that one and import here")
	}
	if err := c.Exec("BEGIN IMMEDIATE;" + schema + fmt.Sprintf("PRAGMA user_version = %d; COMMIT", schemaVersion)); err != nil {
		return errors.Join(err, c.Exec("ROLLBACK"))
	}
	c.forget()
	return nil
}
