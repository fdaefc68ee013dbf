package store

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgconn/ctxwatch"
)

// postgres is the database at an address. Its tables are in the schema paperchart,
// or in the one that search_path in the address names.
type postgres struct{ url string }

var _ database = postgres{}

func (d postgres) writer(ctx context.Context, _ *Store) (writer, error) {
	c, err := d.connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := c.prepareSchema(ctx); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

func (d postgres) reader(ctx context.Context, _ *Store) (conn, error) {
	c, err := d.connect(ctx)
	if err != nil {
		return nil, err // not a nil *pgConn in an interface
	}
	return c, nil
}

func (d postgres) connect(ctx context.Context) (*pgConn, error) {
	c := &pgConn{db: d, texts: map[string]string{}, mark: -1, ctx: context.Background()}
	return c, c.open(ctx)
}

// config is how to connect. A plan that is made once serves every search of its
// shape: which condition to go by has been decided here already.
func (d postgres) config() (*pgx.ConnConfig, error) {
	cfg, err := pgx.ParseConfig(d.url)
	if err != nil {
		return nil, errors.New("the PostgreSQL address is not of the form postgres://user:password@host:5432/database") // the parser's message may hold the password
	}
	for name, value := range map[string]string{"application_name": "paperchart", "search_path": "paperchart", "jit": "off",
		"plan_cache_mode": "force_generic_plan", "enable_seqscan": "off", "random_page_cost": "1.1"} {
		if cfg.RuntimeParams[name] == "" {
			cfg.RuntimeParams[name] = value
		}
	}
	cfg.StatementCacheCapacity = maxStatements
	cfg.BuildContextWatcherHandler = func(c *pgconn.PgConn) ctxwatch.Handler {
		return &pgconn.CancelRequestContextWatcherHandler{Conn: c, DeadlineDelay: cancelPatience}
	}
	return cfg, nil
}

func (d postgres) schema() string {
	cfg, err := d.config()
	if err != nil {
		return "paperchart"
	}
	name, _, _ := strings.Cut(cfg.RuntimeParams["search_path"], ",")
	return pgx.Identifier{strings.Trim(strings.TrimSpace(name), `"`)}.Sanitize()
}

// dialect of PostgreSQL.
var pgDialect = dialect{contains: "strpos(coalesce(whole, folded), ?) > 0", ends: "right(coalesce(whole, folded), ?) = ?", lock: " FOR UPDATE", version: "SELECT schema_version FROM state", setVersion: fmt.Sprintf("UPDATE state SET schema_version = %d", schemaVersion), remote: true, fence: " OFFSET 0", words: &pgWords, key: indexKey}

// maxKey bounds what an index of PostgreSQL holds of a text, in bytes; a row of
// one has less than 2,704.
const maxKey, maxStem = 1000, 930

// indexKey is a text as an index of PostgreSQL can hold it: without zero bytes,
// and of a long one the beginning and a hash of all of it.
func indexKey(s string) string {
	if s = withoutZero(s); len(s) <= maxKey {
		return s
	}
	sum := sha256.Sum256([]byte(s))
	return cutText(s, maxStem) + "\x02" + hex.EncodeToString(sum[:])
}

// withoutZero is a text as PostgreSQL can keep it.
func withoutZero(s string) string {
	if strings.IndexByte(s, 0) < 0 && utf8.ValidString(s) {
		return s
	}
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// wellFormed changes arguments that PostgreSQL would refuse.
func wellFormed(args []any) []any {
	for i, arg := range args {
		if text, ok := arg.(string); ok {
			if clean := withoutZero(text); clean != text {
				args = slices.Clone(args)
				args[i] = clean
			}
		}
	}
	return args
}

// cutText is at most n bytes of s, and no part of a letter.
func cutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// numbered replaces every ? of a statement by $1, $2 and so on.
func numbered(sql string) string {
	var b strings.Builder
	n := 0
	for i := range len(sql) {
		if sql[i] != '?' {
			b.WriteByte(sql[i])
			continue
		}
		n++
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(n))
	}
	return b.String()
}

// pgRow is a row in the binary format.
type pgRow [][]byte

// Int64 reads an integer of any size.
func (r pgRow) Int64(i int) int64 {
	switch v := r[i]; len(v) {
	case 2:
		return int64(int16(binary.BigEndian.Uint16(v)))
	case 4:
		return int64(int32(binary.BigEndian.Uint32(v)))
	case 8:
		return int64(binary.BigEndian.Uint64(v))
	}
	return 0
}

func (r pgRow) Text(i int) string { return string(r[i]) }
func (r pgRow) Blob(i int) []byte { return r[i] }

// full reports whether there is no room on the server's disk.
func (postgres) full(err error) bool {
	var refusal *pgconn.PgError
	return errors.As(err, &refusal) && refusal.Code == "53100"
}

func (c *pgConn) open(ctx context.Context) error {
	cfg, err := c.db.config()
	if err != nil {
		return err
	}
	if c.pg, err = pgx.ConnectConfig(ctx, cfg); err != nil {
		return fmt.Errorf("connect to PostgreSQL at %s: %w", cfg.Host, cause(err))
	}
	return nil
}

// cause leaves out of a connection's error what was tried with which settings.
func cause(err error) error {
	var refusal *pgconn.PgError
	if errors.As(err, &refusal) {
		return refusal
	}
	for inner := err; inner != nil; inner = errors.Unwrap(inner) {
		err = inner
	}
	return err
}
