package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strconv"

	plan "github.com/aws/aws-sdk-go-v2/service/bedrockdataautomation"
	"github.com/aws/aws-sdk-go-v2/service/healthlake"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/spf13/cobra"

	"github.com/paperchart/paperchart/internal/deploy"
)

func newAWSInit(p *program, f *awsFlags) *cobra.Command {
	var force bool
	var email string
	var parameters []string
	cmd := &cobra.Command{
		Use: "init", Short: "Check credentials, Region, services and quotas, and write the settings", Args: atMost(0),
		Long: `Asks AWS who you are, whether the services answer in the Region, whether names are
free and quotas suffice, and writes what the other aws commands need not be told
each time into ` + deploy.SettingsFile + `. It changes nothing in the account.`,
		Example: "  paperchart aws init --region us-west-2 --email it@clinic.example --set Threshold=0.8",
		RunE: func(cmd *cobra.Command, _ []string) error {
			given, err := stackParameters(parameters, "")
			if err != nil {
				return err
			}
			if err := checkParameters(given); err != nil {
				return err
			}
			cfg, err := f.load(cmd.Context())
			if err != nil {
				return err
			}
			s := deploy.Settings{Stack: f.stack, Region: cfg.Region, Profile: f.profile, Email: email, Parameters: given}
			if f.dry {
				return p.dryInit(f, s)
			}
			if err := p.checkAWS(cmd, f, given); err != nil {
				return err
			}
			return p.writeSettings(f, s, force)
		},
	}
	cmd.Flags().BoolVar(&force, "force", false, "replace settings that are there")
	cmd.Flags().StringVar(&email, "email", "", "who is told of alarms")
	cmd.Flags().StringArrayVar(&parameters, "set", nil, "parameter of the template, as Name=value; may be repeated")
	return cmd
}

func (p *program) dryInit(f *awsFlags, s deploy.Settings) error {
	text, err := s.Text()
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "Would ask AWS in %s who you are, whether Bedrock Data Automation and HealthLake answer, whether the\nstack's and the buckets' names are free and which quotas you have, and write %s:\n\n%s\nNothing was done.\n", s.Region, f.file, text)
	return nil
}

// checkAWS tells of everything that was looked at, and fails where something is bad.
func (p *program) checkAWS(cmd *cobra.Command, f *awsFlags, given map[string]string) error {
	stack, cfg, err := f.open(cmd.Context(), p)
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "Account %s, Region %s\n", stack.Account, stack.Region)
	reserved := concurrency(given, "TriggerConcurrency") + concurrency(given, "ProcessorConcurrency")
	c := deploy.Checker{Stack: stack, Lake: healthlake.NewFromConfig(cfg), Plan: plan.NewFromConfig(cfg), Quotas: servicequotas.NewFromConfig(cfg), Reserved: reserved}
	bad := 0
	for _, k := range c.Run(cmd.Context()) {
		mark := "ok  "
		if k.Bad {
			mark, bad = "BAD ", bad+1
		}
		fmt.Fprintf(p.out, "  %s %s: %s\n", mark, k.What, k.Say)
	}
	if bad > 0 {
		return fmt.Errorf("%d things stand in the way of a deploy; no settings were written", bad)
	}
	return nil
}

// concurrency is a parameter of the template, 5 where it was not given.
func concurrency(given map[string]string, name string) int {
	if n, err := strconv.Atoi(given[name]); err == nil {
		return n
	}
	return 5
}

func (p *program) writeSettings(f *awsFlags, s deploy.Settings, force bool) error {
	if _, err := os.Stat(f.file); !force && !errors.Is(err, fs.ErrNotExist) {
		return usagef("%s is there already; look at it, and replace it with --force", f.file)
	}
	if err := s.Save(f.file); err != nil {
		return err
	}
	fmt.Fprintf(p.out, "Wrote %s\nNext: paperchart aws deploy --dry-run, then without it\n", f.file)
	return nil
}
