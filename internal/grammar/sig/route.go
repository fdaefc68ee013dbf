package sig

var routeRules = func() []rule {
	var out []rule
	for _, r := range []struct{ name, pattern string }{
		{"oral", `p\.?~o\.?|p0|by mouth|orally|oral|per os|per mouth`},
		{"sublingual", `s\.?l\.?|sublingual(?:ly)?|under (?:the |your )?tongue`},
		{"buccal", `buccal(?:ly)?|between cheek and gum`},
		{"subcutaneous", `s\.?c\.?|s\.?q\.?|sub-?~?cut(?:aneous)?(?:ly)?\.?|sub-?~?q|under the skin|into the skin`},
		{"intramuscular", `i\.?m\.?|intramuscular(?:ly)?|into the muscle`},
		{"intravenous", `i\.?v\.?(?:~(?:push|piggyback|pb|bolus|infusion|drip))?|ivpb|ivp|intravenous(?:ly)?`},
		{"intradermal", `intradermal(?:ly)?`},
		{"intrathecal", `intrathecal(?:ly)?`},
		{"intraarticular", `intra-?articular(?:ly)?`},
		{"rectal", `p\.?r\.?|rectal(?:ly)?|per rectum|in(?:to)? (?:the )?rectum`},
		{"vaginal", `p\.?v\.?|vaginal(?:ly)?|intravaginal(?:ly)?|per vagina|in(?:to)? (?:the )?vagina`},
		{"topical", `topical(?:ly)?|top\.?|to (?:the )?affected (?:area|skin|site)s?|to (?:the )?skin|externally|to (?:the )?(?:face|scalp|rash|lesions?|feet|hands)`},
		{"transdermal", `transdermal(?:ly)?|t\.?d\.?|onto (?:the )?skin`},
		{"inhalation", `inhal(?:ed|ation)|by inhalation|inh|via (?:spacer|inhaler)|nebuliz(?:ed|ation)|via neb(?:ulizer)?|by neb(?:ulizer)?|per neb|by nebulization|neb|into (?:the )?lungs`},
		{"nasal", `nasal(?:ly)?|intranasal(?:ly)?|in(?:to)? (?:each|both|the|one) (?:nostril|nare)s?|each nostril|per nostril|in(?:to)? (?:the )?nose|both nostrils|each nare`},
		{"ophthalmic, both eyes", `o\.?u\.?|(?:in(?:to)? |to )?(?:both|each) eyes?`},
		{"ophthalmic, left eye", `o\.?s\.?|(?:in(?:to)? |to )?(?:the )?left eye`},
		{"ophthalmic, right eye", `(?:in(?:to)? |to )?(?:the )?right eye`},
		{"ophthalmic", `ophthalmic(?:ally)?|in(?:to)? (?:the )?(?:affected )?eyes?`},
		{"otic, both ears", `a\.?u\.?|(?:in(?:to)? |to )?(?:both|each) ears?`},
		{"otic, left ear", `(?:in(?:to)? |to )?(?:the )?left ear`},
		{"otic, right ear", `(?:in(?:to)? |to )?(?:the )?right ear`},
		{"otic", `otic|in(?:to)? (?:the )?(?:affected )?ears?`},
		{"gastrostomy", `(?:via |per |by )?(?:g-?tube|peg(?:[ -]tube)?|gt)|via gastrostomy`},
		{"nasogastric", `(?:via |per |by )?(?:ng[ -]?tube|ngt|ng)|via nasogastric(?: tube)?`},
		{"swish and swallow", `swish and swallow|swish and spit|s&s`},
	} {
		out = append(out, rule{kind: RoutePart, re: pattern(r.pattern), read: route(r.name)})
	}
	// OD is the right eye beside drops and once a day elsewhere.
	return append(out, rule{kind: RoutePart, re: pattern(`o\.?d\.?`), read: odRoute})
}()

func route(name string) func(*parser, match) bool {
	return func(p *parser, g match) bool {
		if !p.begun() || p.formFollows(g.m[1]) {
			return false
		}
		if p.line.Route == "" {
			p.line.Route, p.line.RouteName = squeeze(p.text[p.at:p.at+g.m[1]]), name
		}
		return true
	}
}

// formFollows leaves "oral solution" and "nasal spray" to the form.
func (p *parser) formFollows(routeLen int) bool {
	if p.line.Form != "" {
		return false
	}
	m := formPattern.FindStringIndex(p.low[p.at:p.end])
	return m != nil && m[1] > routeLen && p.free(p.at+m[1])
}

func odRoute(p *parser, _ match) bool {
	if !p.begun() {
		return false
	}
	p.lower(0.7, RemarkMisreadable)
	return true
}
