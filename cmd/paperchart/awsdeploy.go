package main

import (
	"bufio"
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/healthlake"
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
			if err := stack.Deploy(cmd.Context(), template.Text(), data, given); err != nil {
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

// stackParameters reads Name=value pairs.
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

func newAWSDestroy(p *program, f *awsFlags) *cobra.Command {
	var data bool
	var yes string
	cmd := &cobra.Command{
		Use: "destroy", Short: "Remove the stack; records stay unless --data", Args: atMost(0),
		Long: `Removes functions, queues, rules and alarms. The buckets with the scans and the
FHIR, the HealthLake data store, the key and the logs stay (and the data store
costs by the hour). With --data the buckets and the data store go too, for ever.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.dry {
				what := "The buckets, the data store, the key and the logs would stay."
				if data {
					what = "All scans, all results and the data store would be deleted for ever; the key and the logs would stay."
				}
				fmt.Fprintf(p.out, "Would remove the stack %s. %s\nNothing was done.\n", f.stack, what)
				return nil
			}
			if yes == "" {
				fmt.Fprintf(p.out, "Type the stack's name (%s) to remove it: ", f.stack)
				line, _ := bufio.NewReader(p.in).ReadString('\n')
				yes = strings.TrimSpace(line)
			}
			if yes != f.stack {
				return usagef("nothing was removed: %q is not the stack's name", yes)
			}
			return p.destroy(cmd, f, data)
		},
	}
	cmd.Flags().BoolVar(&data, "data", false, "delete scans, results and the data store too, for ever")
	cmd.Flags().StringVar(&yes, "yes", "", "the stack's name, so as not to be asked")
	return cmd
}

func (p *program) destroy(cmd *cobra.Command, f *awsFlags, data bool) error {
	ctx := cmd.Context()
	stack, cfg, err := f.open(ctx, p)
	if err != nil {
		return err
	}
	_, outputs, err := stack.Outputs(ctx)
	if err != nil {
		return err
	}
	if err := stack.Delete(ctx); err != nil {
		return err
	}
	// The functions' code is nobody's data.
	if err := stack.DeleteBucket(ctx, stack.CodeBucket()); err != nil {
		return err
	}
	store := outputs["DatastoreId"]
	if !data {
		fmt.Fprintf(p.out, "Kept: s3://%s, s3://%s, HealthLake data store %s (it costs by the hour), the key and the logs\n", outputs["InputBucket"], outputs["OutputBucket"], store)
		return nil
	}
	for _, b := range []string{outputs["InputBucket"], outputs["OutputBucket"], f.stack + "-audit-" + stack.Account} {
		if b == "" {
			continue
		}
		if err := stack.DeleteBucket(ctx, b); err != nil {
			return err
		}
	}
	if _, err := healthlake.NewFromConfig(cfg).DeleteFHIRDatastore(ctx, &healthlake.DeleteFHIRDatastoreInput{DatastoreId: aws.String(store)}); err != nil {
		return fmt.Errorf("delete data store: %w", err)
	}
	fmt.Fprintf(p.out, "The data store %s is being deleted. Kept: the key (schedule its deletion yourself) and the logs\n", store)
	return nil
}
