package assert

import (
	"sort"
	"strings"

	"github.com/paperchart/paperchart/internal/grammar"
)

type kind uint8

const (
	pseudo kind = iota // looks like a cue and is none
	stop               // ends scopes
	negation
	doubt
	past
	over
	plan
	family
	other
)

// direction is where a cue's scope lies.
type direction uint8

const (
	ahead  direction = iota // after the cue
	behind                  // before the cue
	both
)

type cue struct {
	words string
	kind  kind
	dir   direction
	// weak stops don't end the scope of a relative.
	weak bool
}

type hit struct {
	grammar.Span
	cue
}

func list(k kind, d direction, phrases string) []cue {
	var out []cue
	for _, p := range strings.Split(phrases, "|") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, cue{words: p, kind: k, dir: d})
		}
	}
	return out
}

// cues by their first byte, longest first.
var cues = func() map[byte][]cue {
	all := append(phrases(), relativeCues()...)
	sort.SliceStable(all, func(i, j int) bool { return len(all[i].words) > len(all[j].words) })
	m := map[byte][]cue{}
	for _, c := range all {
		m[c.words[0]] = append(m[c.words[0]], c)
	}
	return m
}()

func phrases() []cue {
	var out []cue
	for _, l := range [][]cue{
		list(pseudo, ahead, `no increase|no change|no significant change|no interval change|not only|not just|gram negative|gram-negative|not certain|no improvement|
			no significant improvement|not well controlled|not well-controlled|not controlled|not adequately controlled|not compliant|not adherent|not improving|not improved|
			not tolerating|not tolerate|not tolerated|without improvement|without relief|no relief|no doubt|without difficulty|not to exceed|rh negative|rh-negative|er negative|pr negative|her2 negative|triple negative|triple-negative|
			not responding|not responsive|not cause|not taking|no longer taking|not yet resolved|not resolved|no further workup|no contraindication|not at goal|not at target|not optimal|no cure|
			history of present illness|history of the present illness|past medical history|past surgical history|medical history|surgical history|social history|
			no longer than|no more than|no less than|not limited to|no later than|will continue|continue|no refills|no driving|past due|
			will start|will treat|will continue|will increase|will decrease|will recheck|will refer|will monitor|will restart|will resume|plan to continue|plan to start|plan to treat|plan to increase|
			year old|years old|year-old|years-old|yr old|yo old|month old|month-old|week old|week-old|day old|day-old|likely from|likely related to|likely caused by|probably from|probably related to|likely due to|likely secondary to|probably due to|mother's day|nursing home|not otherwise specified|not elsewhere classified|, unspecified|without complication|without complications|
			without long-term|without behavioral disturbance|without mention of|without status|not intractable|without aura|without esophagitis|without obstruction|without hematuria|
			without bleeding|without perforation|without angina|without retinopathy|without long term|without acute exacerbation|without psychotic|without crisis|without heart failure|non-pressure`),
		list(stop, ahead, `but|however|although|though|except|except for|aside from|apart from|other than|nevertheless|yet|;|.|
			positive for|admits to|admits|endorses|complains of|complaining of|c/o|presents with|presented with|presenting with|presents for|presented to|who presents|who presented|who presents with|presents|presented|
			+|(+)|given|currently has|currently|and currently|reports|reported|states|notes|noted to have|found to have|was found to have|and has|and had|, has|, had|has had|remarkable for|significant for|
			now with|now has|which|because|due to|secondary to|caused by|as a cause of|as the cause of|cause for|reason for|source of|consistent with known|with known|known history of|patient has|pt has|he has|she has|patient is|pt is|he is|she is|they have`),
		list(negation, ahead, `no|not|nobody|no one|no-one|denies|denied|deny|denying|negative for|neg for|neg. for|without|w/o|no evidence of|no evidence for|no sign of|no signs of|no signs or symptoms of|no history of|no h/o|no hx of|no hx|
			no prior history of|no personal history of|never had|never|none|absence of|free of|free from|no complaints of|no complaint of|no c/o|does not have|doesn't have|did not have|has no|have no|had no|has not had|has not had any|have not had|have not had any|hasn't had|
			no known|no known history of|no new|no acute|no obvious|no clear|no definite|no significant|no recent|no current|no active|no suspicion of|no suspicion for|nor|neither|(-)|lacks|lack of|not have|not demonstrate|not show|does not show|
			no radiographic evidence of|no clinical evidence of|no further|no other|no longer has|fails to reveal|not reveal|not appear to have|ruled out for|rules out|unremarkable for|not diabetic|doesn't have any|not consistent with|
			no family history of|no fh of|no fhx of|no fam hx of|noncontributory|ruled out`),
		list(negation, behind, `ruled out|was ruled out|has been ruled out|have been ruled out|were ruled out|is ruled out|excluded|was excluded|not seen|not present|is absent|absent|are absent|negative|is negative|was negative|negative x|were negative|
			not identified|not detected|not demonstrated|not noted|not found|not evident|not appreciated|unlikely|is unlikely|not likely|none|is denied|denied|non-reactive|nonreactive|not observed|not suspected|are negative`),
		list(doubt, ahead, `possible|possibly|probable|probably|likely|most likely|suspected|suspect|suspicion for|suspicion of|suspicious for|concern for|concerns for|concern of|concerning for|concerned about|concerned for|worrisome for|r/o|rule out|ruling out|to rule out|
			rule-out|r/out|evaluate for|evaluation for|eval for|assess for|work up for|workup for|work-up for|?|query|questionable|presumed|presumptive|presumably|may have|might have|may be|might be|could be|could have|may represent|could represent|versus|vs|vs.|
			differential includes|differential diagnosis includes|differential diagnosis|ddx|ddx:|consider|considering|cannot exclude|can not exclude|can't exclude|cannot rule out|can not rule out|can't rule out|cannot be ruled out|suggestive of|suggests|suggesting|suggestion of|
			consistent with|compatible with|c/w|working diagnosis|working diagnosis of|in the differential|borderline|not certain if|not certain whether|unclear if|unsure if|uncertain if|question of|not ruled out|not excluded|may indicate|appears to have|appearance of|test for|tested for|testing for|looking for|to look for|check for|
			provisional|tentative|equivocal for|vs possible|either`),
		list(doubt, behind, `?|suspected|is suspected|was suspected|possible|is possible|likely|is likely|probable|is probable|cannot be excluded|can not be excluded|can't be excluded|could not be excluded|cannot be ruled out|can not be ruled out|not ruled out|not excluded|not yet ruled out|
			vs|vs.|versus|to be ruled out|is a possibility|is being considered|in the differential|remains in the differential|is in question|questionable|pending|workup|work-up|work up|rule out|not entirely excluded|less likely|more likely|is on the differential`),
		list(past, ahead, `history of|hx of|h/o|past history of|personal history of|prior history of|remote history of|hx|pmh of|pmhx of|pmh significant for|past|previous|previously|prior|prior episode of|remote|former|childhood|old|known prior|previous history of|history significant for|had had|history includes|used to have|years ago had|status-post|hx:`),
		list(past, behind, `in the past|in childhood|as a child|years ago|year ago|months ago|in remote past|history|by history|in her youth|in his youth|in youth|decades ago|hx|during pregnancy|in infancy|previously|in adolescence|as an infant`),
		list(over, ahead, `s/p|status post|resolved|resolution of|recovered from|recovery from|cured of|in remission from|no longer|healed|completed treatment for|treated for|post|repaired`),
		list(over, behind, `resolved|has resolved|have resolved|is resolved|now resolved|since resolved|cured|healed|in remission|in full remission|in complete remission|fully recovered|has cleared|cleared|no longer present|repaired|s/p repair|s/p resection|status post repair`),
		list(plan, ahead, `if|if you|if he|if she|if there is|should you|should he|should she|should|return if|return for|return to er if|call if|call for|come back if|come back for|in case of|in case|in the event of|watch for|watch out for|monitor for|monitoring for|observe for|as needed for|prn|prn for|
			to prevent|prevent|prevention of|prophylaxis for|prophylaxis against|risk of|risks of|at risk for|at risk of|risk for|high risk for|high risk of|increased risk of|increased risk for|risk factors for|warned about|counseled on|counseled about|counselled on|educated about|educated on|education on|education regarding|information on|discussed risks of|
			side effects|side effects include|side effects including|side effect of|may cause|can cause|could cause|unless|until|plan for|plan to|plans to|will need|will have|will undergo|will|would|scheduled for|planned|planning|advised|look for|screening for|screen for|screened for|
			rtc if|rto if|seek care for|seek care if|seek immediate|seek medical attention for|go to the ed for|go to er for|go to the er if|report any|report if|notify|reduce the risk of|reduce risk of|to avoid|avoid|indicated for|such as|e.g.|in the future|when|whenever|vaccination against|vaccination for|vaccine for|immunization against|exposure to|exposed to|
			fear of|afraid of|worried about|worries about|potential for|potential|goal is|precautions for|referral for|for signs of|s/s of|s/sx of|signs and symptoms of|symptoms of`),
		list(plan, behind, `precautions|prophylaxis|prevention|screening|screen|vaccine|vaccination|immunization|risk|counseling|education|is planned|planned|is scheduled|scheduled|to be scheduled|to be done|develops|occurs|worsens|recurs|persists or worsens|should occur|returns|prevention program|precautions given|handout|information sheet|if needed`),
		list(other, ahead, `wife has|husband has|spouse has|partner has|roommate has|roommate with|friend has|friend with|coworker has|coworker with|co-worker with|boyfriend has|girlfriend has|wife with|husband with|wife's|husband's|spouse's|partner's|contact with|sick contact|sick contacts|close contact|donor|donor has|husband had|wife had|exposed to person with|exposure to a|roommate's|neighbor has|fetus|fetal|classmate with|caregiver has`),
		list(other, behind, `in wife|in husband|in her husband|in his wife|in spouse|in partner|in donor|in roommate|in contact|in fetus`),
	} {
		out = append(out, l...)
	}
	weak := map[string]bool{"has had": true, "and has": true, "and had": true, "which": true, "reports": true, "noted to have": true, "positive for": true, "significant for": true, "due to": true, "secondary to": true, ", had": true, ", has": true, "because": true}
	for i := range out {
		out[i].weak = out[i].kind == stop && weak[out[i].words]
	}
	return out
}

// scan finds the cues of a sentence outside the target, the longest at each
// place. A cue inside a pseudo cue is none.
func scan(low string, target grammar.Span) []hit {
	var out []hit
	for i := 0; i < len(low); i++ {
		if i == target.Start {
			i = target.End - 1
			continue
		}
		if i > 0 && wordByte(low[i]) && wordByte(low[i-1]) {
			continue
		}
		n := 0
		for _, c := range cues[low[i]] {
			end := i + len(c.words)
			if len(c.words) < n {
				break
			}
			if !strings.HasPrefix(low[i:], c.words) || !wordEnds(low, end, c) || i < target.Start && end > target.Start {
				continue
			}
			n = len(c.words)
			out = append(out, hit{grammar.Span{Start: i, End: end}, c})
		}
		if n > 0 {
			if k := runsOver(low, i+1, i+n); k > 0 && out[len(out)-1].kind != pseudo && k <= target.Start {
				i = k - 1 // the next round stands on the cue that runs on
				continue
			}
			i += n - 1
		}
	}
	return out
}

// runsOver is where a cue begins within another and ends behind it: "negative
// for" in "was negative for"; 0 for none.
func runsOver(low string, from, end int) int {
	for k := from; k < end; k++ {
		if !wordByte(low[k]) || wordByte(low[k-1]) {
			continue
		}
		for _, c := range cues[low[k]] {
			if k+len(c.words) > end && strings.HasPrefix(low[k:], c.words) && wordEnds(low, k+len(c.words), c) {
				return k
			}
		}
	}
	return 0
}

func wordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '\'' || c >= 0x80
}

// wordEnds reports that the cue is not the beginning of a longer word. A full
// stop ends a scope only where a sentence could end, not in 2.5 or "Dr.".
func wordEnds(low string, end int, c cue) bool {
	if c.words == "." {
		return end == len(low) || low[end] == ' ' && !abbreviation(low, end-1)
	}
	last := c.words[len(c.words)-1]
	return end == len(low) || !wordByte(last) || !wordByte(low[end])
}

// abbreviation reports that the point at i belongs to the word before it.
func abbreviation(text string, i int) bool {
	j := i
	for j > 0 && !isSpace(text[j-1]) && text[j-1] != '(' {
		j--
	}
	w := strings.ToLower(text[j:i])
	if len(w) == 1 && w[0] >= 'a' && w[0] <= 'z' {
		return true
	}
	return abbreviations[w] || strings.Contains(w, ".") && len(w) <= 6
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

var abbreviations = func() map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(`dr mr mrs ms prof st mt jr sr vs approx appt dept est etc e.g i.e fig no nos inc ltd co
		jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun temp wt ht pt pts hx dx tx rx sx fx abd ext resp neuro
		b.i.d t.i.d q.i.d p.o p.r.n q.d q.h.s a.m p.m ref ave blvd rm ste ph neg pos lat bilat`) {
		m[w] = true
	}
	for _, w := range []string{"neg", "pos", "etc", "inc", "hx", "dx", "tx", "co", "no", "abd"} {
		delete(m, w) // they end sentences as often as not
	}
	return m
}()
