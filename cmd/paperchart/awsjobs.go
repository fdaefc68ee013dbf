package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/spf13/cobra"

	"github.com/paperchart/paperchart/internal/bda"
	"github.com/paperchart/paperchart/internal/cloud"
	"github.com/paperchart/paperchart/internal/cloud/sdk"
)

func newAWSJobs(p *program, f *awsFlags) *cobra.Command {
	var watch bool
	var every time.Duration
	cmd := &cobra.Command{
		Use: "jobs", Short: "List the jobs, open and ended; with --watch until all have ended", Args: atMost(0),
		Example: "  paperchart aws jobs --watch",
		RunE: func(cmd *cobra.Command, _ []string) error {
			outputs, cfg, err := f.outputs(cmd.Context(), p)
			if err != nil {
				return err
			}
			j := &awsJobs{p: p, objects: sdk.S3{Client: objectsOf(cfg)}, queues: sqs.NewFromConfig(cfg), outputs: outputs, told: map[string]told{}}
			return j.follow(cmd.Context(), watch, every)
		},
	}
	cmd.Flags().BoolVarP(&watch, "watch", "w", false, "go on until every job has ended and no scan waits")
	cmd.Flags().DurationVar(&every, "every", 5*time.Second, "time between looks")
	return cmd
}

// awsJobs tells of jobs, each once in each state.
type awsJobs struct {
	p       *program
	objects sdk.S3
	queues  *sqs.Client
	outputs map[string]string
	told    map[string]told // by job
}

// told is the record of a job that was told of last.
type told struct{ key, etag, state string }

// failedJobs says that some jobs failed, for scripts.
type failedJobs struct{ n int }

func (e failedJobs) Error() string {
	return fmt.Sprintf("%d jobs failed; see why with: paperchart aws redrive --dry-run", e.n)
}

func (j *awsJobs) follow(ctx context.Context, watch bool, every time.Duration) error {
	quiet := 0
	for {
		open, failed, err := j.look(ctx)
		if err != nil || !watch {
			return err
		}
		waiting, err := j.waiting(ctx)
		if err != nil {
			return err
		}
		// What S3 or BDA has just said may not be in a queue yet: quiet is two looks.
		if quiet++; open+waiting > 0 {
			quiet = 0
		}
		switch {
		case quiet >= 2 && failed > 0:
			return failedJobs{failed}
		case quiet >= 2:
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(every):
		}
	}
}

// look tells of what is new and counts open and failed jobs.
func (j *awsJobs) look(ctx context.Context) (open, failed int, err error) {
	for _, kind := range []string{"open", "done"} {
		all, err := j.objects.List(ctx, j.outputs["OutputBucket"], "jobs/"+kind+"/", 100000)
		if err != nil {
			return 0, 0, err
		}
		for _, o := range all {
			job := strings.TrimSuffix(path.Base(o.Key), ".json")
			t := j.told[job]
			if t.key != o.Key || t.etag != o.ETag {
				line, state, err := j.line(ctx, job, o.Key, kind)
				if err != nil {
					return 0, 0, err
				}
				t = told{o.Key, o.ETag, state}
				j.told[job] = t
				fmt.Fprintln(j.p.out, line)
			}
			switch t.state {
			case "open":
				open++
			case "failed":
				failed++
			}
		}
	}
	return open, failed, nil
}

func (j *awsJobs) line(ctx context.Context, job, key, kind string) (line, state string, err error) {
	if kind == "open" {
		return job + "  reading", kind, nil
	}
	body, _, err := j.objects.Get(ctx, bda.Object{Bucket: j.outputs["OutputBucket"], Key: key})
	if err != nil {
		return "", "", err
	}
	defer body.Close()
	var d cloud.Done
	if err := json.NewDecoder(body).Decode(&d); err != nil {
		return "", "", errors.New("read job: its record is damaged")
	}
	if d.State != "done" {
		return fmt.Sprintf("%s  %s  %s", job, d.State, d.Reason), d.State, nil
	}
	return fmt.Sprintf("%s  %s  %s  %d resources by %s, %d fields to review, %d of %d segments unmatched",
		job, d.State, d.Document, d.Resources, d.Route, d.Review, d.Unmatched, d.Segments), d.State, nil
}

// waiting is how many messages wait or are worked on.
func (j *awsJobs) waiting(ctx context.Context) (int, error) {
	n := 0
	for _, q := range []string{"TriggerQueueUrl", "ProcessorQueueUrl"} {
		more, err := queueLength(ctx, j.queues, j.outputs[q])
		if err != nil {
			return 0, err
		}
		n += more
	}
	return n, nil
}

// queueLength counts the messages of a queue, those included that somebody has
// taken and not finished.
func queueLength(ctx context.Context, c *sqs.Client, url string) (int, error) {
	counts := []sqstypes.QueueAttributeName{sqstypes.QueueAttributeNameApproximateNumberOfMessages, sqstypes.QueueAttributeNameApproximateNumberOfMessagesNotVisible}
	out, err := c.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: aws.String(url), AttributeNames: counts})
	if err != nil {
		return 0, fmt.Errorf("look at queue: %w", err)
	}
	n := 0
	for _, k := range counts {
		m, _ := strconv.Atoi(out.Attributes[string(k)])
		n += m
	}
	return n, nil
}
