package deploy

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// silence is after how long without news it is said what the stack waits for.
const silence = 2 * time.Minute

// watch tells of a stack's events, each once.
type watch struct {
	*Stack
	id   string
	told map[string]bool
	// busy are the resources that CloudFormation works on.
	busy        map[string]bool
	began, last time.Time
}

// seen are the events that are there before something is begun. They tell new ones
// from old ones without a look at two clocks.
func (s *Stack) seen(ctx context.Context) (map[string]bool, error) {
	told := map[string]bool{}
	out, err := s.Formation.DescribeStackEvents(ctx, &cloudformation.DescribeStackEventsInput{StackName: aws.String(s.Name)})
	if isMissing(err) {
		return told, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look at stack: %w", err)
	}
	for _, e := range out.StackEvents {
		told[aws.ToString(e.EventId)] = true
	}
	return told, nil
}

// follow tells of each resource until the stack is at rest.
func (s *Stack) follow(ctx context.Context, id string, seen map[string]bool) error {
	w := &watch{Stack: s, id: id, told: seen, busy: map[string]bool{}, began: s.now(), last: s.now()}
	poll := s.Poll
	if poll == 0 {
		poll = 5 * time.Second
	}
	tick := time.NewTicker(poll)
	defer tick.Stop()
	for {
		st, err := s.look(ctx, id)
		if err != nil {
			return w.left(err)
		}
		w.tell(ctx) // after the state: what led to it was told before one leaves
		switch state := string(st.StackStatus); {
		case strings.HasSuffix(state, "_IN_PROGRESS"):
		case state == "CREATE_COMPLETE" || state == "UPDATE_COMPLETE" || state == "DELETE_COMPLETE":
			return nil
		default:
			return fmt.Errorf("the stack is in %s: %s; the lines above name the resource that failed", state, aws.ToString(st.StackStatusReason))
		}
		select {
		case <-ctx.Done():
			return w.left(ctx.Err())
		case <-tick.C:
		}
	}
}

// left is the error of who looks no longer.
func (w *watch) left(err error) error {
	w.Say("CloudFormation goes on by itself; see how far it is with: paperchart aws status --stack %s", w.Name)
	return fmt.Errorf("look at stack: %w", err)
}

// tell tells of events that were not told of yet.
func (w *watch) tell(ctx context.Context) {
	fresh := w.fresh(ctx)
	for _, e := range fresh {
		w.told[aws.ToString(e.EventId)] = true
		name, state := aws.ToString(e.LogicalResourceId), string(e.ResourceStatus)
		delete(w.busy, name)
		if strings.HasSuffix(state, "_IN_PROGRESS") && name != w.Name {
			w.busy[name] = true
		}
		why := aws.ToString(e.ResourceStatusReason)
		if why != "" {
			why = ": " + why
		}
		w.say("%-22s %s%s", state, name, why)
	}
	if len(fresh) == 0 && len(w.busy) > 0 && w.now().Sub(w.last) >= silence {
		w.say("%-22s %s", "still at work on", strings.Join(slices.Sorted(maps.Keys(w.busy)), ", "))
	}
}

// say puts the time since the beginning before a line.
func (w *watch) say(format string, args ...any) {
	w.last = w.now()
	d := int(w.last.Sub(w.began).Seconds())
	w.Say("%3d:%02d  %s", d/60, d%60, fmt.Sprintf(format, args...))
}

// fresh are the events that were not told of, the earliest first. They come latest
// first and in pages.
func (w *watch) fresh(ctx context.Context) []types.StackEvent {
	var all []types.StackEvent
	pages := cloudformation.NewDescribeStackEventsPaginator(w.Formation, &cloudformation.DescribeStackEventsInput{StackName: aws.String(w.id)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			break // the stack's own state says what matters
		}
		for _, e := range page.StackEvents {
			if w.told[aws.ToString(e.EventId)] {
				slices.Reverse(all)
				return all
			}
			all = append(all, e)
		}
	}
	slices.Reverse(all)
	return all
}
