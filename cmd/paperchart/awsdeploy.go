package main

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	template "github.com/paperchart/paperchart/deploy/aws"
	"github.com/paperchart/paperchart/internal/deploy"
)

func newAWSDeploy(p *program, f *awsFlags) *cobra.Command {
	var code, email, source string
	var parameters []string
	cmd := &cobra.Command{
		Use: "deploy", Short: "Build and upload the functions, create or update the stack", Args: atMost(0),
		Example: "  paperchart aws deploy --email it@clinic.example --set Threshold=0.8",
		RunE: func(cmd *cobra.Command, _ []string) error {
			given, err := f.parameters(parameters, email)
			if err != nil {
				return err
			}
			if err := checkParameters(given); err != nil {
				return err
			}
			if f.dry {
				return p.dryDeploy(cmd, f, given)
			}
			data, err := lambdaCode(code, source)
			if err != nil {
				return err
			}
			stack, _, err := f.open(cmd.Context(), p)
			if err != nil {
				return err
			}
			if err := stack.Deploy(cmd.Context(), deploy.Release{Template: template.Text(), Parts: template.Parts(), Code: data}, given); err != nil {
				return err
			}
			return p.showStack(cmd, stack)
		},
	}
	cmd.Flags().StringVar(&code, "lambda", "", "zip with the functions (default built from source)")
	cmd.Flags().StringVar(&source, "source", ".", "Paperchart's source, from which the functions are built")
	cmd.Flags().StringVar(&email, "email", "", "who is told of alarms")
	cmd.Flags().StringArrayVar(&parameters, "set", nil, "parameter of the template, as Name=value; may be repeated")
	return cmd
}

// checkParameters refuses what the template does not have.
func checkParameters(given map[string]string) error {
	names, err := deploy.ParameterNames(template.Text())
	if err != nil {
		return err
	}
	if err := deploy.CheckParameters(names, given); err != nil {
		return usageError{err}
	}
	return nil
}

// parameters are those of the settings' file, and over them what was given.
func (f *awsFlags) parameters(pairs []string, email string) (map[string]string, error) {
	given, err := stackParameters(pairs, cmp.Or(email, f.settings.Email))
	if err != nil {
		return nil, err
	}
	all := maps.Clone(f.settings.Parameters)
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, given)
	return all, nil
}

// stackParameters reads Name=value pairs.
func stackParameters(pairs []string, email string) (map[string]string, error) {
	all := map[string]string{}
	for _, pair := range pairs {
		name, value, ok := strings.Cut(pair, "=")
		if !ok || name == "" || name == "CodeBucket" || name == "CodeKey" {
			return nil, usagef("%q is no parameter; write it as Threshold=0.8", pair)
		}
		all[name] = value
	}
	if email != "" {
		all["AlarmEmail"] = email
	}
	return all, nil
}

func lambdaCode(file, source string) ([]byte, error) {
	if file == "" {
		return deploy.Build(source)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read functions: %w", err)
	}
	return data, nil
}

func (p *program) dryDeploy(cmd *cobra.Command, f *awsFlags, given map[string]string) error {
	cfg, err := f.load(cmd.Context())
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "Would build the functions for linux/arm64, upload them to %s-code-ACCOUNT and create or update\nthe stack %s in %s from a template of %d KB with:\n", f.stack, f.stack, cfg.Region, len(template.Text())>>10)
	for _, k := range slices.Sorted(maps.Keys(given)) {
		fmt.Fprintf(p.out, "  %s=%s\n", k, given[k])
	}
	fmt.Fprintln(p.out, "Nothing was done.")
	return nil
}

func (p *program) showStack(cmd *cobra.Command, stack *deploy.Stack) error {
	state, outputs, err := stack.Outputs(cmd.Context())
	if err != nil {
		return err
	}
	fmt.Fprintf(p.out, "Stack %s: %s\n", stack.Name, state)
	for _, k := range slices.Sorted(maps.Keys(outputs)) {
		fmt.Fprintf(p.out, "  %-24s %s\n", k, outputs[k])
	}
	return nil
}
