// Command lambda is both AWS functions of Paperchart in one binary: the handler
// that the function is configured with, "trigger" or "processor", says which.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"

	"github.com/paperchart/paperchart/internal/cloud/sdk"
)

type handler func(context.Context, events.SQSEvent) (events.SQSEventResponse, error)

func main() {
	log := slog.New(slog.NewJSONHandler(os.Stdout, nil))
	h, err := newHandler(context.Background(), os.Getenv, log)
	if err != nil {
		log.Error("function not started", "error", err)
		os.Exit(1)
	}
	lambda.Start(h)
}

// newHandler makes the function that Lambda's _HANDLER names.
func newHandler(ctx context.Context, getenv sdk.Getenv, log *slog.Logger) (handler, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("load AWS settings: %w", err)
	}
	switch name := getenv("_HANDLER"); name {
	case "trigger":
		t, err := sdk.NewTrigger(cfg, getenv, log)
		if err != nil {
			return nil, err
		}
		return t.Handle, nil
	case "processor":
		p, err := sdk.NewProcessor(cfg, getenv, log)
		if err != nil {
			return nil, err
		}
		return p.Handle, nil
	default:
		return nil, fmt.Errorf("the handler is %q; it is trigger or processor", name)
	}
}
