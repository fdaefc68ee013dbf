package validate

import (
	"strings"

	"github.com/paperchart/paperchart/internal/fhir/model"
)

// questionnaireResponse checks the answers against a Questionnaire that is
// contained in the response: linkIds, and the types of the answers.
func (c *check) questionnaireResponse(n *model.Node) {
	id, ok := strings.CutPrefix(n.Str("questionnaire"), "#")
	if !ok {
		return
	}
	var q *model.Node
	for _, r := range items(n.Get("contained")) {
		if r.Str("id") == id && r.ResourceType() == "Questionnaire" {
			q = r
		}
	}
	if q == nil {
		c.report(Error, "not-found", n, "The contained Questionnaire that questionnaire names is not there.")
		return
	}
	asked := map[string]*model.Node{}
	collectItems(q, asked)
	c.answeredItems(n, asked)
}

func collectItems(n *model.Node, into map[string]*model.Node) {
	for _, i := range items(n.Get("item")) {
		into[i.Str("linkId")] = i
		collectItems(i, into)
	}
}

func (c *check) answeredItems(n *model.Node, asked map[string]*model.Node) {
	for _, i := range items(n.Get("item")) {
		q := asked[i.Str("linkId")]
		if q == nil {
			c.report(Error, "not-found", i, "The Questionnaire has no item of this linkId.")
			continue
		}
		for _, a := range items(i.Get("answer")) {
			c.answer(a, q)
			c.answeredItems(a, asked)
		}
		c.answeredItems(i, asked)
	}
}

// answerTypes are the types of answers by the type of the question.
var answerTypes = map[string]string{
	"boolean": "boolean", "decimal": "decimal", "integer": "integer", "date": "date", "dateTime": "dateTime", "time": "time",
	"string": "string", "text": "string", "url": "uri", "attachment": "Attachment", "reference": "Reference", "quantity": "Quantity", "choice": "Coding",
}

func (c *check) answer(a, q *model.Node) {
	kind := q.Str("type")
	for m := a.First; m != nil; m = m.Next {
		if m.Key() != "value" || m.Type == nil {
			continue
		}
		if kind == "group" || kind == "display" {
			c.report(Error, "structure", m, "An item of type %s has no answer.", kind)
		}
		if want := answerTypes[kind]; want != "" && m.Type.Name != want {
			c.report(Error, "structure", m, "The answer must be of type %s.", want)
		}
	}
}
