package validate_test

import (
	"context"
	"fmt"

	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/validate"
)

func Example() {
	table, err := definition.Load()
	if err != nil {
		panic(err)
	}
	v := validate.New(table, validate.Options{})
	for _, issue := range v.Validate(context.Background(), []byte(`{"resourceType":"Patient","birthDate":"02/28/1970"}`)) {
		fmt.Println(issue)
	}
	// Output: 1:39: error: Patient.birthDate: This is no valid date: a date has the form YYYY, YYYY-MM or YYYY-MM-DD.
}
