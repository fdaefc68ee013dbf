package main

import (
	"bytes"
	"strings"
	"testing"
)

// What the aws commands say without calling AWS.
func TestAWSWithoutAnAccount(t *testing.T) {
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	t.Setenv("AWS_CONFIG_FILE", "/nowhere")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
	t.Setenv("AWS_REGION", "")
	t.Setenv("AWS_PROFILE", "")
	for args, c := range map[string]struct {
		status int
		want   string
	}{
		"aws cost --pages 1000":                         {0, "HealthLake data store            197.10"},
		"aws cost --pages -1":                           {2, "number of pages"},
		"aws deploy --dry-run --region us-west-2":       {0, "Nothing was done."},
		"aws deploy --dry-run":                          {2, "no AWS Region is set"},
		"aws deploy --dry-run --region sa-east-1":       {1, "is not in sa-east-1"},
		"aws deploy --dry-run --region us-west-2 --set": {2, "flag needs an argument"},
		"aws deploy --set CodeKey=x":                    {2, "is no parameter"},
		"aws status --stack Clinic --region us-west-2":  {2, "can't be the stack's name"},
		"aws deploy --dry-run --set Treshold=1":         {2, "Treshold is no parameter of the template; it has CodeBucket"},
		"aws destroy --dry-run --data":                  {0, "the data store go for ever; the record of who"},
		"aws destroy --dry-run":                         {0, "Scans, results, the data store (it costs by the hour)"},
		"aws destroy --yes other":                       {2, "nothing was removed"},
		"aws upload notes.txt":                          {2, "no file that Bedrock"},
		"aws upload --dry-run scan.pdf":                 {0, "Nothing was done."},
		"aws query":                                     {2, "needs a query"},
	} {
		var out bytes.Buffer
		p := &program{in: strings.NewReader(""), out: &out, err: &out}
		if got := p.run(t.Context(), strings.Fields(args)); got != c.status || !strings.Contains(out.String(), c.want) {
			t.Errorf("%s: status %d, says %s", args, got, out.String())
		}
	}
}
