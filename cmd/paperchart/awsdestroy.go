package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/healthlake"
	"github.com/aws/aws-sdk-go-v2/service/healthlake/types"
	"github.com/spf13/cobra"

	"github.com/paperchart/paperchart/internal/deploy"
)

// loss is what destroy removes besides the stack.
type loss struct{ data, audit bool }

func (l loss) String() string {
	switch {
	case l.data && l.audit:
		return "All scans, all results, the data store and the record of who read them go for ever; the key and the logs stay."
	case l.data:
		return "All scans, all results and the data store go for ever; the record of who read them, the key and the logs stay."
	case l.audit:
		return "The record of who read what goes for ever; scans, results, the data store, the key and the logs stay."
	}
	return "Scans, results, the data store (it costs by the hour), the record of who read them, the key and the logs stay."
}

func newAWSDestroy(p *program, f *awsFlags) *cobra.Command {
	var l loss
	var yes string
	cmd := &cobra.Command{
		Use: "destroy", Short: "Remove the stack; records stay unless --data", Args: atMost(0),
		Long: `Removes functions, queues, rules and alarms. The buckets with the scans and the
FHIR, the HealthLake data store, the audit trail, the key and the logs stay (and
the data store costs by the hour). With --data the buckets are emptied of every
version and go, and so does the data store, for ever. It may be run again where it
was cut off, also when the stack itself is gone.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.dry {
				fmt.Fprintf(p.out, "Would remove the stack %s. %s\nNothing was done.\n", f.stack, l)
				return nil
			}
			if yes == "" {
				fmt.Fprintf(p.out, "%s\nType the stack's name (%s) to remove it: ", l, f.stack)
				line, _ := bufio.NewReader(p.in).ReadString('\n')
				yes = strings.TrimSpace(line)
			}
			if yes != f.stack {
				return usagef("nothing was removed: %q is not the stack's name", yes)
			}
			return p.destroy(cmd.Context(), f, l)
		},
	}
	cmd.Flags().BoolVar(&l.data, "data", false, "delete scans, results and the data store too, for ever")
	cmd.Flags().BoolVar(&l.audit, "audit", false, "delete the record of who read what too, for ever; laws may want it kept for years")
	cmd.Flags().StringVar(&yes, "yes", "", "the stack's name, so as not to be asked")
	return cmd
}

// destroy removes the stack first: nothing may be written into a bucket that is
// being emptied.
func (p *program) destroy(ctx context.Context, f *awsFlags, l loss) error {
	stack, cfg, err := f.open(ctx, p)
	if err != nil {
		return err
	}
	_, outputs, err := stack.Outputs(ctx)
	if err != nil && !errors.Is(err, deploy.ErrNoStack) {
		return err
	}
	if err := stack.Delete(ctx); err != nil {
		return err
	}
	// The functions' code is nobody's data.
	buckets := []string{stack.CodeBucket()}
	if l.data {
		buckets = append(buckets, stack.Bucket("in"), stack.Bucket("out"))
	}
	if l.audit {
		buckets = append(buckets, stack.Bucket("audit"))
	}
	for _, b := range buckets {
		if err := stack.DeleteBucket(ctx, b); err != nil {
			return err
		}
	}
	if l.data {
		if err := p.deleteStores(ctx, healthlake.NewFromConfig(cfg), f.stack, outputs["DatastoreId"]); err != nil {
			return err
		}
	}
	fmt.Fprintln(p.out, l)
	if !l.data && outputs != nil {
		fmt.Fprintf(p.out, "They are s3://%s, s3://%s and HealthLake data store %s\n", stack.Bucket("in"), stack.Bucket("out"), outputs["DatastoreId"])
	}
	return nil
}

// deleteStores deletes a data store, or, where the stack can't tell any more which
// it was, all that have its name.
func (p *program) deleteStores(ctx context.Context, lake *healthlake.Client, name, id string) error {
	ids := []string{id}
	if id == "" {
		var err error
		if ids, err = storesNamed(ctx, lake, name); err != nil {
			return err
		}
	}
	for _, id := range ids {
		_, err := lake.DeleteFHIRDatastore(ctx, &healthlake.DeleteFHIRDatastoreInput{DatastoreId: aws.String(id)})
		var absent *types.ResourceNotFoundException
		if err != nil && !errors.As(err, &absent) {
			return fmt.Errorf("delete data store: %w", err)
		}
		fmt.Fprintf(p.out, "The data store %s is being deleted\n", id)
	}
	return nil
}

func storesNamed(ctx context.Context, lake *healthlake.Client, name string) (ids []string, err error) {
	pages := healthlake.NewListFHIRDatastoresPaginator(lake, &healthlake.ListFHIRDatastoresInput{Filter: &types.DatastoreFilter{DatastoreName: aws.String(name)}})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("find data store: %w", err)
		}
		for _, d := range page.DatastorePropertiesList {
			if d.DatastoreStatus == types.DatastoreStatusActive && aws.ToString(d.DatastoreName) == name {
				ids = append(ids, aws.ToString(d.DatastoreId))
			}
		}
	}
	return ids, nil
}
