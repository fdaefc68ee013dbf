package app

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/go-viper/mapstructure/v2"
	"github.com/knadh/koanf/parsers/yaml"
	"github.com/knadh/koanf/providers/env/v2"
	"github.com/knadh/koanf/providers/posflag"
	"github.com/knadh/koanf/providers/rawbytes"
	"github.com/knadh/koanf/v2"
	"github.com/spf13/pflag"

	"github.com/paperchart/paperchart/internal/fhir/validate"
)

// Config is every setting. A setting called "a-b" is a-b in the file,
// PAPERCHART_A_B in the environment and --a-b on the command line; the later of
// these wins.
type Config struct {
	// Listen is the address the server listens on.
	Listen string `koanf:"listen"`
	// Hosts are the names the server may be called by, besides loopback.
	Hosts []string `koanf:"hosts"`
	// Data is the folder in which everything is kept.
	Data string `koanf:"data"`
	// Store is the address of the PostgreSQL database that keeps the FHIR
	// resources; a SQLite file in Data where empty. It may hold a password. Or it
	// is "healthlake" or "fhir": they are kept in the file, and sent there too.
	Store Secret `koanf:"store"`
	// HealthLake is the endpoint of that data store, FHIRServer the address of
	// that server's FHIR API.
	HealthLake string `koanf:"healthlake"`
	FHIRServer string `koanf:"fhir-server"`
	// FHIRToken, or what FHIRTokenFile holds, goes to that server; or the tokens
	// that a SMART backend service of this client id gets with this key.
	FHIRToken     Secret `koanf:"fhir-token"`
	FHIRTokenFile string `koanf:"fhir-token-file"`
	SMARTClientID string `koanf:"smart-client-id"`
	SMARTKey      string `koanf:"smart-key"`
	SMARTKeyID    string `koanf:"smart-key-id"`
	SMARTScope    string `koanf:"smart-scope"`
	// Extractor is who reads: "local", "bda", or "hybrid".
	Extractor string `koanf:"extractor"`
	// BDAProject and BDABucket are where Bedrock Data Automation reads.
	BDAProject string `koanf:"bda-project"`
	BDABucket  string `koanf:"bda-bucket"`
	// CloudFloor is the confidence below which a page is sent there.
	CloudFloor float64 `koanf:"cloud-floor"`
	// CloudPages and CloudDollars are what may be sent and spent in a month; 0
	// where the other limits.
	CloudPages   int     `koanf:"cloud-pages"`
	CloudDollars float64 `koanf:"cloud-dollars"`
	// Watch are the folders whose files are taken in.
	Watch []string `koanf:"watch"`
	// Blueprint is the file with the fields to read; the built-in one where empty.
	Blueprint string `koanf:"blueprint"`
	// Blueprints are files of further ones, each for documents of its class. The
	// built-in further ones are left out where Blueprint is set.
	Blueprints []string `koanf:"blueprints"`
	// Threshold is the confidence below which a field waits for review.
	Threshold float64 `koanf:"threshold"`
	// Thresholds are exceptions, by field or table.column.
	Thresholds map[string]float64 `koanf:"thresholds"`
	// Policy is "mark" or "hold": what becomes of resources below threshold.
	Policy string `koanf:"policy"`
	// Validation is how much of a resource is checked before it is stored over the
	// FHIR API: "strict", "structure" or "minimal".
	Validation string `koanf:"validation"`
	// References is "enforced" or "any": whether what is stored over the FHIR API
	// may refer to resources that are not there.
	References string `koanf:"references"`
	// ConditionalDelete is "single" or "multiple": whether a delete by search may
	// remove several resources.
	ConditionalDelete string `koanf:"conditional-delete"`
	// Workers is how many pages are read at once; the number of cores where 0.
	Workers int `koanf:"workers"`
	// Token must come with every request, where it is set.
	Token Secret `koanf:"token"`
	// Server is where client commands find the server; Listen where empty.
	Server string `koanf:"server"`
	// AWSListen is the address of the doors for AWS's clients; none where empty.
	AWSListen string `koanf:"aws-listen"`
	// AWSAccessKeyID and AWSSecretAccessKey are what these clients sign with.
	AWSAccessKeyID     string `koanf:"aws-access-key-id"`
	AWSSecretAccessKey Secret `koanf:"aws-secret-access-key"`
	// Log is the least severe level that is logged: debug, info, warn, error.
	Log string `koanf:"log"`
}

// Secret is a string that does not print itself.
type Secret string

// String implements fmt.Stringer.
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return "(set)"
}

// MarshalText keeps the secret out of JSON and logs.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

func defaults() Config {
	return Config{Listen: "127.0.0.1:8080", Data: "./data", Threshold: 0.80, Policy: "mark", Validation: "strict", References: "enforced", ConditionalDelete: "single", Log: "info",
		Extractor: byLocal, CloudFloor: 0.70, SMARTScope: "system/*.cruds"}
}

const envPrefix = "PAPERCHART_"

// lists are the settings that are several values; in the environment they are
// separated like PATH's.
var lists = []string{"watch", "hosts", "blueprints"}

// Load gathers the settings from their defaults, a file, the environment
// (NAME=value strings) and the flags that were given.
func Load(file string, environ []string, flags *pflag.FlagSet) (Config, error) {
	cfg := defaults()
	k := koanf.New("\x00") // no delimiter: threshold names have dots
	if err := loadFile(k, file); err != nil {
		return cfg, err
	}
	if err := k.Load(env.Provider("\x00", env.Opt{
		Prefix: envPrefix, TransformFunc: envSetting, EnvironFunc: func() []string { return environ },
	}), nil); err != nil {
		return cfg, fmt.Errorf("read environment: %w", err)
	}
	if flags != nil {
		settings := posflag.ProviderWithFlag(flags, "\x00", k, flagSetting(flags))
		if err := k.Load(settings, nil); err != nil {
			return cfg, fmt.Errorf("read flags: %w", err)
		}
	}
	err := k.UnmarshalWithConf("", &cfg, koanf.UnmarshalConf{DecoderConfig: &mapstructure.DecoderConfig{
		Result: &cfg, TagName: "koanf", WeaklyTypedInput: true, ErrorUnused: true,
	}})
	if err != nil {
		return cfg, fmt.Errorf("read settings: %w", err)
	}
	return cfg, cfg.check()
}

// DefaultFile is the configuration file that is read where none is named.
const DefaultFile = "paperchart.yaml"

func loadFile(k *koanf.Koanf, file string) error {
	name := file
	if name == "" {
		name = DefaultFile
	}
	data, err := os.ReadFile(name)
	if file == "" && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read configuration: %w", err)
	}
	if err := k.Load(rawbytes.Provider(data), yaml.Parser()); err != nil {
		return fmt.Errorf("read configuration %s: %w", filepath.Base(name), err)
	}
	return nil
}

// envSetting turns PAPERCHART_LOG=debug into a setting, and leaves out names
// that are none.
func envSetting(name, value string) (string, any) {
	key := strings.ReplaceAll(strings.ToLower(strings.TrimPrefix(name, envPrefix)), "_", "-")
	switch {
	case !slices.Contains(Settings(), key) || key == "thresholds":
		return "", nil
	case slices.Contains(lists, key):
		return key, filepath.SplitList(value)
	}
	return key, value
}

// Settings returns the names of all settings.
func Settings() []string {
	return []string{"listen", "hosts", "data", "store", "watch", "blueprint", "blueprints", "threshold", "thresholds", "policy", "validation", "conditional-delete",
		"workers", "token", "server", "log", "aws-listen", "aws-access-key-id", "aws-secret-access-key",
		"extractor", "bda-project", "bda-bucket", "cloud-floor", "cloud-pages", "cloud-dollars", "healthlake", "fhir-server",
		"fhir-token", "fhir-token-file", "smart-client-id", "smart-key", "smart-key-id", "smart-scope"}
}

// flagSetting takes the flags that were given and are settings.
func flagSetting(flags *pflag.FlagSet) func(*pflag.Flag) (string, any) {
	return func(f *pflag.Flag) (string, any) {
		if !f.Changed || !slices.Contains(Settings(), f.Name) {
			return "", nil
		}
		return f.Name, posflag.FlagVal(flags, f)
	}
}

// workers is the number of pages to read at once where Workers is 0.
func (c Config) workers() int {
	if c.Workers > 0 {
		return c.Workers
	}
	return runtime.NumCPU()
}

// BaseURL is where client commands find the server.
func (c Config) BaseURL() string {
	if c.Server != "" {
		return strings.TrimRight(c.Server, "/")
	}
	return "http://" + c.Listen
}

func (c Config) check() error {
	switch {
	case c.Threshold < 0 || c.Threshold > 1:
		return fmt.Errorf("threshold is %v; it goes from 0 to 1", c.Threshold)
	case c.Policy != "mark" && c.Policy != "hold":
		return fmt.Errorf("policy is %q; it is mark (keep and tag what is below threshold) or hold (leave it out)", c.Policy)
	case !knownLevel(c.Validation):
		return fmt.Errorf("validation is %q; it is strict, structure or minimal", c.Validation)
	case c.References != "enforced" && c.References != "any":
		return fmt.Errorf("references is %q; it is enforced (refuse what refers to a resource that is not here) or any", c.References)
	case c.ConditionalDelete != "single" && c.ConditionalDelete != "multiple":
		return fmt.Errorf("conditional-delete is %q; it is single (refuse what finds several) or multiple", c.ConditionalDelete)
	case c.Store != "" && !c.remote() && !strings.HasPrefix(string(c.Store), "postgres://") && !strings.HasPrefix(string(c.Store), "postgresql://"):
		return errors.New("store is no address of PostgreSQL; it is postgres://user@host/database, healthlake, fhir, or left out for a file in the data folder")
	case c.Workers < 0:
		return fmt.Errorf("workers is %d; it is the number of pages read at once, 0 for the number of cores", c.Workers)
	case !slices.Contains([]string{"debug", "info", "warn", "error"}, c.Log):
		return fmt.Errorf("log is %q; it is debug, info, warn or error", c.Log)
	}
	for name, t := range c.Thresholds {
		if t < 0 || t > 1 {
			return fmt.Errorf("the threshold of %s is %v; it goes from 0 to 1", name, t)
		}
	}
	return c.checkCloud()
}

// levels are the values of validation.
func levels() map[string]validate.Level {
	return map[string]validate.Level{"strict": validate.Strict, "structure": validate.Structure, "minimal": validate.Minimal}
}

func knownLevel(name string) bool {
	_, ok := levels()[name]
	return ok
}

// storePath is where the FHIR resources are.
func (c Config) storePath() string {
	if c.Store != "" && !c.remote() {
		return string(c.Store)
	}
	return filepath.Join(c.Data, "fhir.db")
}

// TermsDir is the folder of the vocabularies that were imported.
func (c Config) TermsDir() string { return filepath.Join(c.Data, "terms") }

// checkWatch refuses folders that are not there, and one around the data folder,
// whose own files would come back as documents.
func (c Config) checkWatch() error {
	data, err := filepath.Abs(c.Data)
	if err != nil {
		return fmt.Errorf("find data folder: %w", err)
	}
	for _, dir := range c.Watch {
		if info, err := os.Stat(dir); err != nil || !info.IsDir() {
			return fmt.Errorf("there is no folder %s to watch; make it first", dir)
		}
		abs, err := filepath.Abs(dir)
		if err != nil {
			return fmt.Errorf("find folder: %w", err)
		}
		if rel, err := filepath.Rel(abs, data); err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
			return fmt.Errorf("the data folder %s lies in the watched folder %s; put it elsewhere with --data", c.Data, dir)
		}
	}
	return nil
}

// checkListen refuses to serve patients' records to a network without a token.
func (c Config) checkListen() error {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("listen is %q; write it as address:port, such as 127.0.0.1:8080", c.Listen)
	}
	ip := net.ParseIP(host)
	if c.Token == "" && host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("listening on %s lets the network in, and no token is set; set PAPERCHART_TOKEN, or listen on 127.0.0.1", c.Listen)
	}
	return nil
}
