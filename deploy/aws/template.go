// Package template is the CloudFormation template of the AWS shape. It holds a
// copy of blueprint/medical-record.json; `go test ./deploy/aws -update` renews it.
package template

import _ "embed"

//go:embed template.yaml
var text string

// Text returns the template.
func Text() string { return text }
