package sdk

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/paperchart/paperchart/internal/cloud"
)

// Queue sends to one SQS queue.
type Queue struct {
	Client *sqs.Client
	URL    string
}

var _ cloud.Sender = Queue{}

// Send implements cloud.Sender; the reason is the message attribute "reason".
func (q Queue) Send(ctx context.Context, body, reason string) error {
	in := &sqs.SendMessageInput{QueueUrl: aws.String(q.URL), MessageBody: aws.String(body)}
	if reason != "" {
		in.MessageAttributes = map[string]types.MessageAttributeValue{
			"reason": {DataType: aws.String("String"), StringValue: aws.String(reason)},
		}
	}
	_, err := q.Client.SendMessage(ctx, in)
	return plain("send message", err)
}
