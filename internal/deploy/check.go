package deploy

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	plan "github.com/aws/aws-sdk-go-v2/service/bedrockdataautomation"
	"github.com/aws/aws-sdk-go-v2/service/healthlake"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/smithy-go"
)

// Check is one thing that was looked at before the first deploy.
type Check struct {
	What string
	// Bad is true where a deploy would fail, or may.
	Bad bool
	// Say is what was found, and what to do where it is bad.
	Say string
}

// The quotas that matter, as Service Quotas names them. That of Lambda has had
// this code since the service began; BDA's and HealthLake's are found by name.
const (
	lambdaService, lambdaQuota = "lambda", "L-B99A9384" // concurrent executions
	// unreserved is what Lambda leaves to functions without a reservation.
	unreserved = 100
	// maxStores is HealthLake's default number of data stores.
	maxStores = 20
)

// Checker asks AWS whether a deploy can succeed. It changes nothing.
type Checker struct {
	Stack  *Stack
	Lake   *healthlake.Client
	Plan   *plan.Client
	Quotas *servicequotas.Client
	// Reserved is the functions' concurrency together.
	Reserved int
}

// Run looks at everything, also after something was bad.
func (c *Checker) Run(ctx context.Context) []Check {
	all := []Check{c.automation(ctx), c.lake(ctx)}
	stack, there := c.stack(ctx)
	all = append(all, stack, c.concurrency(ctx))
	for _, which := range []string{"in", "out", "audit"} {
		all = append(all, c.bucket(ctx, c.Stack.Bucket(which), there))
	}
	all = append(all, c.named(ctx, "bedrock", "data automation")...)
	return append(all, c.named(ctx, "healthlake", "")...)
}

// code is a service's error code, or why there is none.
func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return err.Error()
}

func (c *Checker) automation(ctx context.Context) Check {
	k := Check{What: "Bedrock Data Automation", Say: "answers"}
	if _, err := c.Plan.ListDataAutomationProjects(ctx, &plan.ListDataAutomationProjectsInput{MaxResults: aws.Int32(1)}); err != nil {
		k.Bad, k.Say = true, code(err)+"; you need bedrock:ListDataAutomationProjects and what deploying takes, and the service in this Region"
	}
	return k
}

func (c *Checker) lake(ctx context.Context) Check {
	k := Check{What: "HealthLake"}
	n := 0
	pages := healthlake.NewListFHIRDatastoresPaginator(c.Lake, &healthlake.ListFHIRDatastoresInput{})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			k.Bad, k.Say = true, code(err)+"; you need healthlake:ListFHIRDatastores and what deploying takes, and the service in this Region"
			return k
		}
		for _, d := range page.DatastorePropertiesList {
			if d.DatastoreStatus != "DELETED" {
				n++
			}
		}
	}
	k.Say = fmt.Sprintf("answers; %d data stores, of %d by default", n, maxStores)
	k.Bad = n >= maxStores
	return k
}

// stack also tells whether the stack is there.
func (c *Checker) stack(ctx context.Context) (k Check, there bool) {
	k = Check{What: "Stack " + c.Stack.Name}
	st, err := c.Stack.describe(ctx)
	switch {
	case isMissing(err):
		k.Say = "is not there yet"
	case err != nil:
		k.Bad, k.Say = true, code(err)+"; you need cloudformation:DescribeStacks and what deploying takes"
	case st.StackStatus == "ROLLBACK_COMPLETE" || st.StackStatus == "REVIEW_IN_PROGRESS":
		k.Bad, k.Say = true, fmt.Sprintf("is in %s: nothing can update it; remove it first with: paperchart aws destroy", st.StackStatus)
	default:
		k.Say = fmt.Sprintf("is there, in %s; deploy would update it", st.StackStatus)
	}
	return k, err == nil
}

// bucket looks whether a name is free: names are everybody's. One that an earlier
// stack left is in the way of a new one.
func (c *Checker) bucket(ctx context.Context, name string, stack bool) Check {
	k := Check{What: "Bucket " + name, Say: "is free"}
	_, err := c.Stack.Objects.HeadBucket(ctx, &s3.HeadBucketInput{Bucket: aws.String(name)})
	var api smithy.APIError
	switch {
	case err == nil && stack:
		k.Say = "is yours, and the stack's"
	case err == nil:
		k.Bad, k.Say = true, "is yours already, from an earlier stack, and a new one can't take it over: choose another --stack, or remove it with: paperchart aws destroy --data (and --audit)"
	case errors.As(err, &api) && api.ErrorCode() == "NotFound":
	default:
		k.Bad, k.Say = true, "can't be looked at ("+code(err)+"); somebody else may have it: choose another --stack"
	}
	return k
}

func (c *Checker) concurrency(ctx context.Context) Check {
	k := Check{What: "Lambda concurrency"}
	out, err := c.Quotas.GetServiceQuota(ctx, &servicequotas.GetServiceQuotaInput{ServiceCode: aws.String(lambdaService), QuotaCode: aws.String(lambdaQuota)})
	if err != nil || out.Quota == nil {
		k.Say = "is not known; you may lack servicequotas:GetServiceQuota"
		return k
	}
	have := int(aws.ToFloat64(out.Quota.Value))
	k.Say = fmt.Sprintf("is %d; the functions reserve %d and Lambda keeps %d for others", have, c.Reserved, unreserved)
	if have < c.Reserved+unreserved {
		k.Bad = true
		k.Say += "; ask for more in Service Quotas, which is free"
	}
	return k
}

// named tells of the quotas of a service whose name has certain words.
func (c *Checker) named(ctx context.Context, service, words string) []Check {
	var all []Check
	pages := servicequotas.NewListServiceQuotasPaginator(c.Quotas, &servicequotas.ListServiceQuotasInput{ServiceCode: aws.String(service)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return append(all, Check{What: "Quotas of " + service, Say: "are not known (" + code(err) + ")"})
		}
		for _, q := range page.Quotas {
			if name := strings.ToLower(aws.ToString(q.QuotaName)); strings.Contains(name, words) && (strings.Contains(name, "concurrent") || strings.Contains(name, "job")) {
				all = append(all, Check{What: aws.ToString(q.QuotaName), Say: fmt.Sprintf("%g", aws.ToFloat64(q.Value))})
			}
		}
	}
	return all
}
