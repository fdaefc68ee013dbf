package validate

import (
	"github.com/paperchart/paperchart/internal/fhir/definition"
	"github.com/paperchart/paperchart/internal/fhir/fhirpath"
	"github.com/paperchart/paperchart/internal/fhir/model"
)

// plan is the compiled constraints of an element.
type plan struct{ rules []rule }

type rule struct {
	*definition.Constraint
	expr *fhirpath.Expr
}

func (v *Validator) plan(e *definition.Element) *plan {
	if p, ok := v.plans.Load(e); ok {
		return p.(*plan)
	}
	p := new(plan)
	for i := range e.Constraints {
		x := &e.Constraints[i]
		if x.Key == "dom-6" && !v.opts.BestPractice {
			continue
		}
		text, skip := mended(x)
		if skip {
			continue
		}
		// What cannot be compiled is no fault of the resource; a test sees to it
		// that every constraint of the table compiles.
		if expr, err := v.engine.Compile(text); err == nil {
			p.rules = append(p.rules, rule{x, expr})
		}
	}
	v.plans.Store(e, p)
	return p
}

// elementConstraints checks what the element says beyond its type.
func (c *check) elementConstraints(n *model.Node) {
	if len(n.Elem.Constraints) > 0 {
		c.constraints(n, n.Elem)
	}
}

// constraints evaluates the constraints of an element on a node.
func (c *check) constraints(n *model.Node, e *definition.Element) {
	if len(e.Constraints) == 0 || c.full {
		return
	}
	for _, r := range c.plan(e).rules {
		ok, defined, err := r.expr.EvalBool(n, &c.env)
		if err == nil && (ok || !defined) {
			continue
		}
		severity := Error
		if r.Warning || err != nil {
			severity = Warning
		}
		c.report(severity, "invariant", n, "%s: %s", r.Key, r.Human)
		if c.silent == 0 && len(c.issues) > 0 {
			c.issues[len(c.issues)-1].Constraint = r.Key
		}
	}
}
