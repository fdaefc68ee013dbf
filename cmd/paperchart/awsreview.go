package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/spf13/cobra"

	"github.com/paperchart/paperchart/internal/bda"
	"github.com/paperchart/paperchart/internal/cloud/sdk"
)

func newAWSReview(p *program, f *awsFlags) *cobra.Command {
	var done bool
	cmd := &cobra.Command{
		Use: "review [DOCUMENT...]", Short: "List the documents that wait for a person, or what to check in one",
		Long: `Lists the documents that have something for a person to check, from the queue that
the parameter Review makes. With documents it names the resources of each that are
tagged needs-review, with the fields that were read worst, their confidence and
page. With --done they are taken off the list; mend what was wrong
in the data store itself.`,
		Example: "  paperchart aws review\n  paperchart aws review b17d7a34639938ee\n  paperchart aws review --done b17d7a34639938ee",
		RunE: func(cmd *cobra.Command, args []string) error {
			if done && len(args) == 0 {
				return usagef("review --done needs the documents that are done")
			}
			outputs, cfg, err := f.outputs(cmd.Context(), p)
			if err != nil {
				return err
			}
			if outputs["ReviewQueueUrl"] == "" {
				return usagef("this stack has no review queue; make one with: paperchart aws deploy --set Review=true")
			}
			if len(args) > 0 && !done {
				return p.toCheck(cmd.Context(), sdk.S3{Client: objectsOf(cfg)}, outputs["OutputBucket"], args)
			}
			return p.reviewList(cmd.Context(), sqs.NewFromConfig(cfg), outputs["ReviewQueueUrl"], args, f.dry)
		},
	}
	cmd.Flags().BoolVar(&done, "done", false, "the documents are checked: take them off the list")
	return cmd
}

// asked is what the processor puts into the queue.
type asked struct {
	Document          string
	Fields, Unmatched int
}

// reviewList lists what waits, or takes documents off it. A document may stand
// there twice: it is listed once and taken off whole.
func (p *program) reviewList(ctx context.Context, c *sqs.Client, queue string, done []string, dry bool) error {
	letters, err := receiveAll(ctx, c, queue)
	if err != nil {
		return fmt.Errorf("read review queue: %w", err)
	}
	seen, took := map[string]bool{}, map[string]bool{}
	for _, m := range letters {
		var a asked
		if err := json.Unmarshal([]byte(aws.ToString(m.Body)), &a); err != nil {
			a.Document = "a message that is none of ours"
		}
		if slices.Contains(done, a.Document) && !dry {
			if _, err := c.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: aws.String(queue), ReceiptHandle: m.ReceiptHandle}); err != nil {
				return fmt.Errorf("take off the list: %w", err)
			}
			took[a.Document] = true
			continue
		}
		if err := putBack(ctx, c, queue, m); err != nil {
			return err
		}
		if len(done) == 0 && !seen[a.Document] {
			fmt.Fprintf(p.out, "%s  %d fields to check, %d segments without result\n", a.Document, a.Fields, a.Unmatched)
		}
		seen[a.Document] = true
	}
	if len(done) == 0 && len(seen) == 0 {
		fmt.Fprintln(p.out, "Nothing waits for review")
	}
	for _, d := range done {
		switch {
		case dry && seen[d]:
			fmt.Fprintf(p.out, "%s would be taken off the list. Nothing was done.\n", d)
		case took[d]:
			fmt.Fprintf(p.out, "%s is off the list\n", d)
		default:
			return fmt.Errorf("%s is not on the list", d)
		}
	}
	return nil
}

// putBack shows a message to others again.
func putBack(ctx context.Context, c *sqs.Client, queue string, m types.Message) error {
	if _, err := c.ChangeMessageVisibility(ctx, &sqs.ChangeMessageVisibilityInput{QueueUrl: aws.String(queue), ReceiptHandle: m.ReceiptHandle}); err != nil {
		return fmt.Errorf("put message back: %w", err)
	}
	return nil
}

// toCheck names the resources of documents that are tagged needs-review.
func (p *program) toCheck(ctx context.Context, objects sdk.S3, bucket string, documents []string) error {
	for _, d := range documents {
		body, _, err := objects.Get(ctx, bda.Object{Bucket: bucket, Key: "fhir/" + d + "/bundle.json"})
		if err != nil {
			return err
		}
		data, err := io.ReadAll(body)
		body.Close()
		if err != nil {
			return fmt.Errorf("read bundle: %w", err)
		}
		lines, err := unsure(data)
		if err != nil {
			return err
		}
		for _, l := range lines {
			fmt.Fprintf(p.out, "%s  %s\n", d, l)
		}
	}
	return nil
}

// reviewed is as much of a resource, and of the Provenance that tells where it is
// from, as says what to look at.
type reviewed struct {
	ResourceType, ID string
	Meta             struct{ Tag []struct{ Code string } }
	Target           []struct{ Reference string }
	Entity           []struct {
		Extension []struct{ Extension []evidenceOf }
	}
}

type evidenceOf struct {
	URL          string
	ValueString  string
	ValueInteger int
	ValueDecimal float64
}

// field is one field that a resource is made of.
type field struct {
	name string
	page int
	sure float64
}

// leastSure is how many fields of a resource are told.
const leastSure = 3

// unsure are lines that say which resources of a Bundle wait for a person, with the
// fields they are made of that were read worst.
func unsure(bundle []byte) ([]string, error) {
	var b struct{ Entry []struct{ Resource reviewed } }
	if err := json.Unmarshal(bundle, &b); err != nil {
		return nil, errors.New("read bundle: it is damaged")
	}
	from := map[string][]field{}
	for _, e := range b.Entry {
		for _, t := range e.Resource.Target {
			from[t.Reference] = append(from[t.Reference], e.Resource.fields()...)
		}
	}
	var lines []string
	for _, e := range b.Entry {
		r := e.Resource
		if !slices.ContainsFunc(r.Meta.Tag, func(t struct{ Code string }) bool { return t.Code == "needs-review" }) {
			continue
		}
		name := r.ResourceType + "/" + r.ID
		all := from[name]
		slices.SortStableFunc(all, func(a, b field) int { return cmp.Compare(a.sure, b.sure) })
		line := name
		for _, f := range all[:min(leastSure, len(all))] {
			line += fmt.Sprintf("  %s %.2f p%d", f.name, f.sure, f.page)
		}
		lines = append(lines, line)
	}
	return lines, nil
}

func (r reviewed) fields() []field {
	var all []field
	for _, e := range r.Entity {
		for _, x := range e.Extension {
			var f field
			for _, v := range x.Extension {
				switch v.URL {
				case "field":
					f.name = v.ValueString
				case "page":
					f.page = v.ValueInteger
				case "confidence":
					f.sure = v.ValueDecimal
				}
			}
			if f.name != "" {
				all = append(all, f)
			}
		}
	}
	return all
}
