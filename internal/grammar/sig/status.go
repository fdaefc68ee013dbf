package sig

import "regexp"

var statusRules = []rule{
	{kind: StatusPart, re: pattern(`\(?(?:d/c'?e?d|d/c|dc'?d|dced|discontinued?|discontinue|stopped|stop taking|stop|no longer (?:taking|on|takes)|ceased|off|taken off)\)?`), read: stopped},
	{kind: StatusPart, re: pattern(`(?:status~:~)?(?:inactive|expired|historical|past)`), read: setStatus(Stopped)},
	{kind: StatusPart, re: pattern(`(?:status~:~)?\(?(?:completed|complete|finished|course complete|course completed)\)?`), read: setStatus(Completed)},
	{kind: StatusPart, re: pattern(`(?:status~:~)?\(?(?:on hold|hold|held|holding|suspended|temporarily (?:held|stopped))\)?`), read: setStatus(OnHold)},
	{kind: StatusPart, re: pattern(`(?:not taking|never (?:took|started|filled)|patient not taking|pt not taking|refused|declined|not filled)`), read: setStatus(NotTaken)},
	{kind: StatusPart, re: pattern(`(?:plan to start|will start|to start|to be started|consider(?:ing)?|planned|intended|recommend(?:ed)?)`), read: setStatus(Intended)},
	{kind: StatusPart, re: pattern(`(?:status~:~)?\(?(?:active|current(?:ly taking)?|currently|continue[ds]?|cont\.?|continuing|ongoing|unchanged|no change|resumed?|taking|new(?: medication| rx| prescription)?|newly started|start(?:ed)?|begin|began|initiate[d]?|changed?|increased?(?: to)?|decreased?(?: to)?|reduced?(?: to)?|refilled|renewed)\)?`), read: active},
}

func setStatus(s string) func(*parser, match) bool {
	return func(p *parser, _ match) bool {
		p.setStatus(s)
		return true
	}
}

// stopped refuses "off" inside a name.
func stopped(p *parser, g match) bool {
	if p.low[p.at:p.at+g.m[1]] == "off" && !p.begun() {
		return false
	}
	p.setStatus(Stopped)
	return true
}

// active yields to any other state on the line: "continue to hold".
func active(p *parser, g match) bool {
	if p.line.Status == "" {
		p.line.Status = Active
	}
	if changed.MatchString(p.low[p.at : p.at+g.m[1]]) {
		p.lower(0.8, RemarkChanged)
	}
	return true
}

var changed = regexp.MustCompile(`chang|increas|decreas|reduc`)

func (p *parser) setStatus(s string) {
	if p.line.Status == "" || p.line.Status == Active {
		p.line.Status = s
	}
}
