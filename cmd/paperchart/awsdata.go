package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/spf13/cobra"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/bda"
	"github.com/paperchart/paperchart/internal/cloud/sdk"
	"github.com/paperchart/paperchart/internal/deploy"
	"github.com/paperchart/paperchart/internal/healthlake"
)

func newAWSStatus(p *program, f *awsFlags) *cobra.Command {
	return &cobra.Command{Use: "status", Short: "Show the stack and what waits in its queues", Args: atMost(0), RunE: func(cmd *cobra.Command, _ []string) error {
		stack, cfg, err := f.open(cmd.Context(), p)
		if err != nil {
			return err
		}
		if err := p.showStack(cmd, stack); err != nil {
			return err
		}
		_, outputs, err := stack.Outputs(cmd.Context())
		if err != nil {
			return err
		}
		queues := sqs.NewFromConfig(cfg)
		for _, q := range []string{"TriggerQueueUrl", "ProcessorQueueUrl", "TriggerDeadLettersUrl", "ProcessorDeadLettersUrl", "ReviewQueueUrl"} {
			if outputs[q] == "" {
				continue // the stack is not there yet, or has no such queue
			}
			n, err := queueLength(cmd.Context(), queues, outputs[q])
			if err != nil {
				return err
			}
			fmt.Fprintf(p.out, "  %-24s %d messages\n", strings.TrimSuffix(q, "Url"), n)
		}
		return nil
	}}
}

func newAWSResults(p *program, f *awsFlags) *cobra.Command {
	return &cobra.Command{Use: "results DOCUMENT", Short: "Print the FHIR Bundle of a document (see jobs)", Args: atLeast(1, "a document"), Example: "  paperchart aws results b17d7a34639938ee",
		RunE: func(cmd *cobra.Command, args []string) error {
			outputs, cfg, err := f.outputs(cmd.Context(), p)
			if err != nil {
				return err
			}
			body, _, err := sdk.S3{Client: objectsOf(cfg)}.Get(cmd.Context(), bda.Object{Bucket: outputs["OutputBucket"], Key: "fhir/" + args[0] + "/bundle.json"})
			if err != nil {
				return err
			}
			defer body.Close()
			_, err = io.Copy(p.out, body)
			return err
		}}
}

func newAWSQuery(p *program, f *awsFlags) *cobra.Command {
	return &cobra.Command{Use: "query QUERY", Short: "Ask HealthLake, signed", Args: atLeast(1, "a query"), Example: "  paperchart aws query 'Patient?name=wilkins'",
		RunE: func(cmd *cobra.Command, args []string) error {
			outputs, cfg, err := f.outputs(cmd.Context(), p)
			if err != nil {
				return err
			}
			c := &healthlake.Client{Endpoint: outputs["DatastoreEndpoint"], Region: cfg.Region, Credentials: cfg.Credentials}
			data, err := c.Do(cmd.Context(), "GET", args[0], nil)
			if err != nil {
				return err
			}
			var pretty bytes.Buffer
			if json.Indent(&pretty, data, "", "  ") == nil {
				data = pretty.Bytes()
			}
			_, err = fmt.Fprintf(p.out, "%s\n", bytes.TrimSpace(data))
			return err
		}}
}

func newAWSCost(p *program) *cobra.Command {
	var pages int
	var network bool
	machine := deploy.Machine.Dollar
	cmd := &cobra.Command{Use: "cost", Short: "Estimate what a number of pages a month costs", Args: atMost(0), Example: "  paperchart aws cost --pages 5000", RunE: func(*cobra.Command, []string) error {
		if pages < 0 {
			return usagef("pages is %d; it is the number of pages a month", pages)
		}
		if machine < 0 {
			return usagef("machine is %v; it is what a server costs a month", machine)
		}
		all := deploy.Estimate(pages, blueprint.Default(), network)
		fmt.Fprintf(p.out, "%d pages a month, US dollars\n", pages)
		for _, c := range all {
			fmt.Fprintf(p.out, "  %-28s %10.2f\n", c.What, c.Dollar)
		}
		fmt.Fprintf(p.out, "  %-28s %10.2f\n\n", "together", deploy.Total(all))
		own, _ := deploy.SelfHosted(pages, machine)
		fmt.Fprintf(p.out, "The same on machines of your own\n  %-44s %10.2f\n  plus the people who look after them; no charge by the page (%g seconds of a core each)\n\n", own.What, own.Dollar, deploy.CoreSecondsAPage)
		fmt.Fprintf(p.out, "Prices as read %s; check them before you rely on them:\n", deploy.PricesRead)
		for _, x := range deploy.Prices() {
			fmt.Fprintf(p.out, "  %g per %s: %s\n      %s\n", x.Dollar, x.Unit, x.What, x.Source)
		}
		return nil
	}}
	cmd.Flags().IntVar(&pages, "pages", 1000, "pages a month")
	cmd.Flags().BoolVar(&network, "network", false, "with a network of the functions' own (parameter Network)")
	cmd.Flags().Float64Var(&machine, "machine", machine, "US dollars a month for a server of your own")
	return cmd
}
