// Package template is the CloudFormation template of the AWS shape. It holds a
// copy of blueprint/medical-record.json; `go test ./deploy/aws -update` renews it.
package template

import _ "embed"

//go:embed template.yaml
var text string

//go:embed network.yaml
var network string

//go:embed server.yaml
var server string

// Server is the template of what a server of one's own needs of AWS where it sends
// papers to BDA. It is a stack of its own.
func Server() string { return server }

// Text returns the template.
func Text() string { return text }

// Parts are the templates of its nested stacks, by the keys under which it looks
// for them beside the functions' code.
func Parts() map[string]string { return map[string]string{"network.yaml": network} }
