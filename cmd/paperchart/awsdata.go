package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/spf13/cobra"

	"github.com/paperchart/paperchart/blueprint"
	"github.com/paperchart/paperchart/internal/bda"
	"github.com/paperchart/paperchart/internal/cloud"
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
		for _, q := range []string{"TriggerQueueUrl", "ProcessorQueueUrl", "TriggerDeadLettersUrl", "ProcessorDeadLettersUrl"} {
			out, err := queues.GetQueueAttributes(cmd.Context(), &sqs.GetQueueAttributesInput{QueueUrl: aws.String(outputs[q]),
				AttributeNames: []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameApproximateNumberOfMessages}})
			if err != nil {
				return fmt.Errorf("look at queue: %w", err)
			}
			fmt.Fprintf(p.out, "  %-24s %s messages\n", strings.TrimSuffix(q, "Url"), out.Attributes["ApproximateNumberOfMessages"])
		}
		return nil
	}}
}

func newAWSUpload(p *program, f *awsFlags) *cobra.Command {
	return &cobra.Command{Use: "upload FILE...", Short: "Put scans into the input bucket", Args: atLeast(1, "files"), Example: "  paperchart aws upload scan.pdf",
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, name := range args {
				if !bda.Readable(name) {
					return usagef("%s is no file that Bedrock Data Automation reads: PDF, TIFF, JPEG, PNG, DOCX", name)
				}
			}
			if f.dry {
				fmt.Fprintf(p.out, "Would put %d files into the input bucket of stack %s. Nothing was done.\n", len(args), f.stack)
				return nil
			}
			outputs, cfg, err := f.outputs(cmd.Context(), p)
			if err != nil {
				return err
			}
			for _, name := range args {
				if err := putFile(cmd, objectsOf(cfg), outputs["InputBucket"], name); err != nil {
					return err
				}
				fmt.Fprintf(p.out, "%s is uploaded\n", name)
			}
			return nil
		}}
}

func putFile(cmd *cobra.Command, c *s3.Client, bucket, name string) error {
	in, err := os.Open(name)
	if err != nil {
		return err
	}
	defer in.Close()
	if info, err := in.Stat(); err != nil || info.Size() > bda.MaxSize {
		return fmt.Errorf("%s is larger than %d MB, which Bedrock Data Automation does not take; split it", name, bda.MaxSize>>20)
	}
	if _, err := c.PutObject(cmd.Context(), &s3.PutObjectInput{Bucket: aws.String(bucket), Key: aws.String(filepath.Base(name)), Body: in}); err != nil {
		return fmt.Errorf("upload: %w", err)
	}
	return nil
}

func newAWSJobs(p *program, f *awsFlags) *cobra.Command {
	return &cobra.Command{Use: "jobs", Short: "List the jobs, open and ended", Args: atMost(0), RunE: func(cmd *cobra.Command, _ []string) error {
		outputs, cfg, err := f.outputs(cmd.Context(), p)
		if err != nil {
			return err
		}
		objects := sdk.S3{Client: objectsOf(cfg)}
		for _, kind := range []string{"open", "done"} {
			all, err := objects.List(cmd.Context(), outputs["OutputBucket"], "jobs/"+kind+"/", 1000)
			if err != nil {
				return err
			}
			for _, o := range all {
				line, err := jobLine(cmd, objects, bda.Object{Bucket: outputs["OutputBucket"], Key: o.Key}, kind)
				if err != nil {
					return err
				}
				fmt.Fprintln(p.out, line)
			}
		}
		return nil
	}}
}

func jobLine(cmd *cobra.Command, objects sdk.S3, o bda.Object, kind string) (string, error) {
	job := strings.TrimSuffix(filepath.Base(o.Key), ".json")
	if kind == "open" {
		return job + "  reading", nil
	}
	body, _, err := objects.Get(cmd.Context(), o)
	if err != nil {
		return "", err
	}
	defer body.Close()
	var d cloud.Done
	if err := json.NewDecoder(body).Decode(&d); err != nil {
		return "", errors.New("read job: its record is damaged")
	}
	if d.State != "done" {
		return fmt.Sprintf("%s  %s  %s", job, d.State, d.Reason), nil
	}
	return fmt.Sprintf("%s  %s  %s  %d resources by %s, %d fields to review, %d of %d segments unmatched",
		job, d.State, d.Document, d.Resources, d.Route, d.Review, d.Unmatched, d.Segments), nil
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
	cmd := &cobra.Command{Use: "cost", Short: "Estimate what a number of pages a month costs", Args: atMost(0), Example: "  paperchart aws cost --pages 5000", RunE: func(*cobra.Command, []string) error {
		if pages < 0 {
			return usagef("pages is %d; it is the number of pages a month", pages)
		}
		all := deploy.Estimate(pages, blueprint.Default())
		fmt.Fprintf(p.out, "%d pages a month, US dollars\n", pages)
		for _, c := range all {
			fmt.Fprintf(p.out, "  %-28s %10.2f\n", c.What, c.Dollar)
		}
		fmt.Fprintf(p.out, "  %-28s %10.2f\n\nOn a machine of your own: no charge by the page; the machine, and the people who look after it.\n\n", "together", deploy.Total(all))
		fmt.Fprintf(p.out, "Prices as read %s; check them before you rely on them:\n", deploy.PricesRead)
		for _, x := range []deploy.Price{deploy.PageBase, deploy.PageField, deploy.StoreHour, deploy.Key, deploy.Small} {
			fmt.Fprintf(p.out, "  %g a %s: %s\n      %s\n", x.Dollar, x.Unit, x.What, x.Source)
		}
		return nil
	}}
	cmd.Flags().IntVar(&pages, "pages", 1000, "pages a month")
	return cmd
}
