package main

import (
	"fmt"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"github.com/paperchart/paperchart/internal/app"
)

func newServe(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Watch folders, take uploads, read them, and serve FHIR",
		Long: `Runs the server: it reads what arrives in the watched folders and over HTTP, as
durable jobs, and serves the FHIR API at /fhir/R4. Stop it with Ctrl-C; it takes
up again where it was.

Every flag is a setting: --listen is also listen in paperchart.yaml and
PAPERCHART_LISTEN in the environment.`,
		Example: `  paperchart serve --watch inbox
  paperchart serve --data /srv/paperchart --watch /srv/fax --watch /srv/scan`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			cfg, err := p.settings(cmd)
			if err != nil {
				return err
			}
			return app.Serve(cmd.Context(), cfg, p.logger(cfg), func(url string) {
				fmt.Fprintf(p.out, "Paperchart serves at %s, FHIR at %s%s\n", url, url, fhirPath)
				if len(cfg.Watch) > 0 {
					fmt.Fprintf(p.out, "Watching %s\n", strings.Join(cfg.Watch, ", "))
				}
			})
		},
	}
	f := cmd.Flags()
	f.String("listen", "", "address and port to listen on (default 127.0.0.1:8080)")
	f.StringSlice("hosts", nil, "names the server may be called by, besides localhost")
	f.String("data", "", "folder in which everything is kept (default ./data)")
	f.StringArray("watch", nil, "folder whose files are taken in; may be repeated")
	f.String("store", "", "PostgreSQL database for the FHIR resources, postgres://user@host/database (default a file in the data folder)")
	f.String("aws-listen", "", "address and port for AWS's clients: S3, BDA, HealthLake (default none)")
	f.String("log", "", "least severe level to log: debug, info, warn, error (default info)")
	engineFlags(cmd)
	return cmd
}

// engineFlags are the settings of reading and converting.
func engineFlags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.String("blueprint", "", "file with the fields to read of every document (default the built-in ones)")
	f.StringSlice("blueprints", nil, "files with the fields to read of documents of their class")
	f.Float64("threshold", 0, "confidence below which a field waits for review (default 0.80)")
	f.String("policy", "", "what becomes of resources below it: mark or hold (default mark)")
	f.Int("workers", 0, "pages read at once (default the number of cores)")
}

// logger writes to standard error, for people on a terminal and as JSON else.
func (p *program) logger(cfg app.Config) *slog.Logger {
	var level slog.Level
	level.UnmarshalText([]byte(cfg.Log))
	opts := &slog.HandlerOptions{Level: level}
	if terminal(p.err) {
		return slog.New(slog.NewTextHandler(p.err, opts))
	}
	return slog.New(slog.NewJSONHandler(p.err, opts))
}
