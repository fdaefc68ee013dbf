package fhirpath_test

import (
	"fmt"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/fhirpath"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

func Example() {
	table, err := definition.Load()
	if err != nil {
		panic(err)
	}
	engine := fhirpath.New(table)
	doc, err := model.Parse([]byte(`{"resourceType":"Patient","name":[{"use":"official","family":"Doe"},{"family":"Roe"}]}`), model.Limits{})
	if err != nil {
		panic(err)
	}
	model.Bind(table, doc.Root)
	e, err := engine.Compile("Patient.name.where(use = 'official').family")
	if err != nil {
		panic(err)
	}
	names, err := e.Eval(doc.Root, nil)
	fmt.Println(names[0], names[0].Type(), err)
	// Output: Doe string <nil>
}
