package formation

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"reflect"
	"slices"
	"strings"
)

func (s *Server) create(in url.Values) (string, error) {
	if s.current != nil {
		return "", refusal{"AlreadyExistsException", "Stack [" + s.current.name + "] already exists"}
	}
	t, err := s.read(in)
	if err != nil {
		return "", err
	}
	if err := capable(in, t); err != nil {
		return "", err
	}
	parameters, err := given(in, t, nil)
	if err != nil {
		return "", err
	}
	resources, err := s.resources(t, parameters)
	if err != nil {
		return "", err
	}
	s.number++
	name := in.Get("StackName")
	st := &stack{name: name, id: fmt.Sprintf("arn:aws:cloudformation:%s:%s:stack/%s/%d", s.Region, s.Account, name, s.number), state: "CREATE_IN_PROGRESS", parameters: parameters,
		template: t, protected: in.Get("EnableTerminationProtection") == "true", tidy: in.Get("RetainExceptOnCreate") == "true", there: map[string]bool{}}
	st.todo = s.making(st, resources)
	s.current = st
	return "<StackId>" + st.id + "</StackId>", nil
}

// resources are those whose conditions hold. A nested stack's template must be there.
func (s *Server) resources(t template, parameters map[string]string) ([]string, error) {
	var names []string
	for _, r := range t.resources {
		if r.condition != "" && !t.holds(r.condition, parameters) {
			continue
		}
		if r.kind == "AWS::CloudFormation::Stack" {
			key := r.templateKey
			data, err := s.Fetch(parameters["CodeBucket"], key)
			if err != nil {
				return nil, invalid("%s: S3 error: %v", r.name, err)
			}
			if _, err := parse(data); err != nil {
				return nil, err
			}
		}
		names = append(names, r.name)
	}
	return names, nil
}

// making are the steps by which resources come about, or fail and go again.
func (s *Server) making(st *stack, names []string) []step {
	todo := []step{{st.name, "CREATE_IN_PROGRESS", "User Initiated"}}
	for i, n := range names {
		todo = append(todo, step{n, "CREATE_IN_PROGRESS", ""})
		if n != s.Fail {
			todo = append(todo, step{n, "CREATE_COMPLETE", ""})
			continue
		}
		why := "The following resource(s) failed to create: [" + n + "]."
		todo = append(todo, step{n, "CREATE_FAILED", "the reason that AWS gives"}, step{"", "ROLLBACK_IN_PROGRESS", why})
		todo = append(todo, s.unmaking(st, names[:i], st.tidy)...)
		return append(todo, step{"", "ROLLBACK_COMPLETE", why})
	}
	return append(todo, step{"", "CREATE_COMPLETE", ""})
}

// unmaking are the steps by which resources go, the last first; those to retain
// stay, unless all that is new goes.
func (s *Server) unmaking(st *stack, names []string, all bool) []step {
	var todo []step
	for _, n := range slices.Backward(names) {
		if st.template.retained(n) && !all {
			todo = append(todo, step{n, "DELETE_SKIPPED", ""})
			continue
		}
		todo = append(todo, step{n, "DELETE_IN_PROGRESS", ""}, step{n, "DELETE_COMPLETE", ""})
	}
	return todo
}

func (s *Server) update(in url.Values) (string, error) {
	st, err := s.find(in.Get("StackName"))
	if err != nil {
		return "", err
	}
	if st.state != "CREATE_COMPLETE" && !strings.HasPrefix(st.state, "UPDATE_") {
		return "", invalid("Stack:%s is in %s state and can not be updated.", st.id, st.state)
	}
	t, err := s.read(in)
	if err != nil {
		return "", err
	}
	if err := capable(in, t); err != nil {
		return "", err
	}
	parameters, err := given(in, t, st.parameters)
	if err != nil {
		return "", err
	}
	if maps.Equal(parameters, st.parameters) && reflect.DeepEqual(t, st.template) {
		return "", invalid("No updates are to be performed.")
	}
	names, err := s.resources(t, parameters)
	if err != nil {
		return "", err
	}
	st.template, st.parameters, st.state = t, parameters, "UPDATE_IN_PROGRESS"
	st.todo = []step{{st.name, "UPDATE_IN_PROGRESS", "User Initiated"}}
	for _, n := range names {
		if !st.there[n] {
			st.todo = append(st.todo, step{n, "CREATE_IN_PROGRESS", ""}, step{n, "CREATE_COMPLETE", ""})
		}
	}
	st.todo = append(st.todo, step{"", "UPDATE_COMPLETE", ""})
	return "<StackId>" + st.id + "</StackId>", nil
}

func (s *Server) delete(in url.Values) (string, error) {
	st, err := s.find(in.Get("StackName"))
	if err != nil {
		return "", err
	}
	if st.protected {
		return "", invalid("Stack [%s] cannot be deleted while TerminationProtection is enabled", st.name)
	}
	st.state = "DELETE_IN_PROGRESS"
	st.todo = []step{{st.name, "DELETE_IN_PROGRESS", "User Initiated"}}
	end := step{"", "DELETE_COMPLETE", ""}
	for _, x := range s.unmaking(st, slices.Sorted(maps.Keys(st.there)), false) {
		if x.name == s.Fail && x.state == "DELETE_COMPLETE" {
			x.state, x.why = "DELETE_FAILED", "the reason that AWS gives"
			end = step{"", "DELETE_FAILED", "The following resource(s) failed to delete: [" + x.name + "]."}
		}
		st.todo = append(st.todo, x)
	}
	st.todo = append(st.todo, end)
	return "", nil
}

func (s *Server) protect(in url.Values) (string, error) {
	st, err := s.find(in.Get("StackName"))
	if err != nil {
		return "", err
	}
	st.protected = in.Get("EnableTerminationProtection") == "true"
	return "<StackId>" + st.id + "</StackId>", nil
}

// step does the next few things that are to do.
func (s *Server) step(st *stack) {
	for range min(len(st.todo), cmp.Or(s.Steps, 2*pageSize+1)) {
		x := st.todo[0]
		st.todo = st.todo[1:]
		name := x.name
		if name == "" {
			name, st.state, st.reason = st.name, x.state, x.why
		}
		st.events = append(st.events, event{fmt.Sprintf("%s-%d", st.id, len(st.events)), name, x.state, x.why})
		switch {
		case x.name != "" && x.state == "CREATE_COMPLETE":
			st.there[x.name] = true
		case x.state == "DELETE_SKIPPED":
			s.Left = append(s.Left, x.name)
			delete(st.there, x.name)
		case x.name != "" && x.state == "DELETE_COMPLETE":
			delete(st.there, x.name)
		case x.name == "" && s.Make != nil && (x.state == "CREATE_COMPLETE" || x.state == "UPDATE_COMPLETE"):
			st.outputs = s.Make(st.parameters)
		case x.name == "" && x.state == "DELETE_COMPLETE":
			if s.gone == nil {
				s.gone = map[string]*stack{}
			}
			s.gone[st.id], s.current = st, nil
		}
	}
}
