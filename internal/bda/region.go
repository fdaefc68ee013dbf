package bda

import "fmt"

// prefixes are the geographies of cross-Region inference by Region in which BDA
// can be called (user guide bda-cris, read 2026-11).
var prefixes = map[string]string{
	"us-east-1": "us", "us-east-2": "us", "us-west-2": "us", "ca-central-1": "na",
	"eu-central-1": "eu", "eu-west-1": "eu", "eu-west-2": "eu", "eu-south-2": "eu",
	"ap-south-1": "apac", "ap-southeast-2": "apac", "ap-northeast-1": "apac", "us-gov-west-1": "us-gov",
}

// ProfilePrefix is the geography of a Region's data-automation profile. Data
// leaves the Region for inference, within that geography.
func ProfilePrefix(region string) (string, error) {
	p, ok := prefixes[region]
	if !ok {
		return "", fmt.Errorf("find profile: Bedrock Data Automation is not in %s; us-east-1, us-west-2 and eu-west-1 have it", region)
	}
	return p, nil
}
