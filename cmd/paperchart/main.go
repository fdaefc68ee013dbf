// Command paperchart turns paper medical records into FHIR: it reads scans,
// serves what it read over the FHIR API, and is the client of that server.
//
// Exit status: 0 all good, 1 some of it failed, 2 wrong use.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/paperchart/paperchart/internal/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	p := &program{in: os.Stdin, out: os.Stdout, err: os.Stderr, environ: os.Environ()}
	status := p.run(ctx, os.Args[1:])
	stop()
	os.Exit(status)
}

// program is what every command has: the three streams and the environment.
type program struct {
	in       io.Reader
	out, err io.Writer
	environ  []string
	config   string // --config
}

// errFailed says that something failed and has been reported already.
var errFailed = errors.New("some of it failed")

// usageError is a wrong use of the command line.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

func (p *program) run(ctx context.Context, args []string) int {
	root := p.root()
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	var wrong usageError
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errFailed):
		return 1
	case ctx.Err() != nil && errors.Is(err, context.Canceled):
		fmt.Fprintln(p.err, "interrupted")
		return 1
	case errors.As(err, &wrong), strings.HasPrefix(err.Error(), "unknown command"):
		fmt.Fprintf(p.err, "%s\nSee %s --help.\n", err, cmd.CommandPath())
		return 2
	}
	fmt.Fprintf(p.err, "%s\n", err)
	return 1
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "paperchart",
		Short: "Paper medical records, as FHIR",
		Long: `Paperchart turns scanned and faxed medical records into HL7 FHIR R4. Every value
has a confidence and knows its place on the page.`,
		Example: `  paperchart digitize chart.pdf -o out      read a scan, no server needed
  paperchart serve --watch inbox            read what arrives, serve FHIR
  paperchart query 'Patient?name=wilkins'   ask the server`,
		SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
	}
	root.SetIn(p.in)
	root.SetOut(p.out)
	root.SetErr(p.err)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.PersistentFlags().StringVar(&p.config, "config", "", "file with settings (default "+app.DefaultFile+" where it exists)")
	root.AddCommand(p.commands()...)
	return root
}

// settings loads what the command's flags, the environment and the file say.
func (p *program) settings(cmd *cobra.Command) (app.Config, error) {
	cfg, err := app.Load(p.config, p.environ, cmd.Flags())
	if err != nil {
		return cfg, usageError{err}
	}
	return cfg, nil
}

// atLeast is cobra.MinimumNArgs as wrong use, saying what is missing.
func atLeast(n int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < n {
			return usagef("%s needs %s, for example:\n%s", cmd.CommandPath(), what, cmd.Example)
		}
		return nil
	}
}

func atMost(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > n {
			return usagef("%s takes no %q", cmd.CommandPath(), args[n])
		}
		return nil
	}
}

// terminal reports whether a stream is one that a person looks at.
func terminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// colour reports whether out should be coloured (no-color.org).
func (p *program) colour() bool {
	for _, e := range p.environ {
		if strings.HasPrefix(e, "NO_COLOR=") && e != "NO_COLOR=" || e == "TERM=dumb" {
			return false
		}
	}
	return terminal(p.out)
}

// width is the number of columns of out, 100 where it is no terminal.
func (p *program) width() int {
	if f, ok := p.out.(*os.File); ok {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			return w
		}
	}
	return 100
}
