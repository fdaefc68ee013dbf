package main

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/spf13/cobra"
)

func newAWSRedrive(p *program, f *awsFlags) *cobra.Command {
	return &cobra.Command{
		Use: "redrive", Short: "Show the dead letters' reasons and give them another try", Args: atMost(0),
		Long: `Moves every dead letter back into its queue, once its cause was mended. With
--dry-run the reasons are shown and the letters stay.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			outputs, cfg, err := f.outputs(cmd.Context(), p)
			if err != nil {
				return err
			}
			client := sqs.NewFromConfig(cfg)
			for _, name := range []string{"Trigger", "Processor"} {
				n, err := p.redrive(cmd.Context(), client, outputs[name+"DeadLettersUrl"], outputs[name+"QueueUrl"], f.dry)
				if err != nil {
					return err
				}
				if f.dry {
					fmt.Fprintf(p.out, "%s: %d dead letters seen\n", name, n)
				} else {
					fmt.Fprintf(p.out, "%s: %d dead letters sent again\n", name, n)
				}
			}
			return nil
		},
	}
}

// letterTime is for how many seconds letters are hidden from others: until all of
// them are read, and sent again.
const letterTime = 600

// redrive reads all letters before it sends the first: one that dies again at once
// would be read again and again. It sends each before it deletes it: one that is
// sent twice does no harm, one that is lost would. In a dry run they are shown
// again at the end.
func (p *program) redrive(ctx context.Context, c *sqs.Client, from, to string, dry bool) (n int, err error) {
	letters, err := p.letters(ctx, c, from)
	if err != nil {
		return 0, err
	}
	for _, m := range letters {
		if dry {
			if err := putBack(ctx, c, from, m); err != nil {
				return n, err
			}
			n++
			continue
		}
		if _, err := c.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: aws.String(to), MessageBody: m.Body}); err != nil {
			return n, fmt.Errorf("send letter again: %w", err)
		}
		if _, err := c.DeleteMessage(ctx, &sqs.DeleteMessageInput{QueueUrl: aws.String(from), ReceiptHandle: m.ReceiptHandle}); err != nil {
			return n, fmt.Errorf("forget letter: %w", err)
		}
		n++
	}
	return n, nil
}

// letters are those that lie in a queue, each told of with its reason.
func (p *program) letters(ctx context.Context, c *sqs.Client, from string) ([]types.Message, error) {
	all, err := receiveAll(ctx, c, from)
	if err != nil {
		return nil, fmt.Errorf("read dead letters: %w", err)
	}
	for _, m := range all {
		reason := "gave up after many tries; see the function's log"
		if r, ok := m.MessageAttributes["reason"]; ok {
			reason = aws.ToString(r.StringValue)
		}
		fmt.Fprintln(p.out, " ", reason)
	}
	return all, nil
}

// receiveAll takes all messages of a queue; they are hidden from others for letterTime.
func receiveAll(ctx context.Context, c *sqs.Client, from string) (all []types.Message, err error) {
	seen := map[string]bool{}
	for {
		out, err := c.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: aws.String(from), MaxNumberOfMessages: 10, WaitTimeSeconds: 2,
			VisibilityTimeout: letterTime, MessageAttributeNames: []string{"reason"}})
		if err != nil {
			return nil, err
		}
		fresh := false
		for _, m := range out.Messages {
			if id := aws.ToString(m.MessageId); !seen[id] {
				seen[id], fresh = true, true
				all = append(all, m)
			}
		}
		if !fresh {
			return all, nil
		}
	}
}
