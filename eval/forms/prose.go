package forms

import (
	"fmt"
	"strings"

	"github.com/paperchart/paperchart/eval/chart"
)

// The ways of saying one fact in running text. Each is chosen by chance, so that
// knowing one phrase is never enough. In a phrase $x and $y are what is said,
// $he, $his and $him the patient's pronouns, $mr the patient by surname.

// say fills in one of the phrases.
func (w *Writer) say(phrases []string, pairs ...string) string {
	he, his := w.he()
	him, mr := "him", "Mr. "
	if he == "She" {
		him, mr = "her", "Mrs. "
	}
	pairs = append(pairs, "$He", he, "$His", his, "$he", strings.ToLower(he), "$him", him, "$his", strings.ToLower(his), "$mr", mr+w.rec.Person.Last)
	return strings.NewReplacer(pairs...).Replace(phrases[w.r.IntN(len(phrases))])
}

func lines(s string) []string { return strings.Split(strings.TrimSpace(s), "\n") }

// series joins items the ways that prose does.
func (w *Writer) series(items []string) string {
	if n := len(items); n > 2 && w.r.IntN(2) == 0 {
		return strings.Join(items[:n-1], ", ") + ", and " + items[n-1]
	}
	return sentence(items)
}

var opening = lines(`
this $a-year-old $n with $x
this pleasant $a year old $n with a history of $x
this $a-year-old $n, who has $x
a $a-year-old $n known to have $x
this $a-year-old retired $n whose background includes $x
a $a-year-old $n with known $x
this delightful $a-year-old $n with longstanding $x`)

// opened names the patient by age and sex with the problems: "this 64-year-old
// lady with hypertension and gout".
func (w *Writer) opened() string {
	now, _ := w.has()
	nouns := map[string][]string{"male": {"man", "gentleman", "male"}, "female": {"woman", "lady", "female"}}[w.rec.Person.Sex]
	age := w.rec.Visit.Date.Year() - w.rec.Person.Born.Year()
	n := keyed("sex", w.rec.Person.Sex, nouns[w.r.IntN(len(nouns))])
	if len(now) == 0 {
		return fmt.Sprintf("this %d-year-old %s", age, n)
	}
	return w.say(opening, "$a", fmt.Sprint(age), "$n", n, "$x", w.series(now))
}

var (
	hasNow = lines(`
$He has $x.
$His past medical history includes $x.
$He suffers from $x.
$His medical history is significant for $x.
$His chronic conditions include $x.
$mr is known to have $x.
As you know, $he has $x.
Past history is notable for $x.
Comorbidities: $x.`)
	hasOver = lines(`
In the past $he had $x, now resolved.
$His $x has resolved.
$x has since resolved.
Previous $x, resolved.`)
	lacks = lines(`
$He denies $x or $y.
There was no $x and no $y.
$He has not had any $x; no history of $y.
$He specifically denied $x, and there is no evidence of $y.
No $x. Negative for $y.
$He reports no $x, nor has $he noticed $y.`)
	fears = lines(`
Should $he develop $x, $he will call us at once.
If $x occurs $he should go to the emergency department.
We will watch for $x.
$He was told to return if there is any $x.
I have warned $him about $x.`)
)

// ill says what the patient has, had and has not, with traps.
func (w *Writer) ill(opened bool) string {
	now, over := w.has()
	var out []string
	if !opened && len(now) > 0 {
		out = append(out, w.say(hasNow, "$x", w.series(now)))
	}
	for _, o := range over {
		out = append(out, w.say(hasOver, "$x", o))
	}
	return upper(strings.Join(out, " "))
}

func (w *Writer) lacking() string {
	return w.say(lacks, "$x", key("!conditions.negated", w.rec.Denied[0]), "$y", key("!conditions.negated", w.rec.RuledOut[0]))
}

func (w *Writer) feared() string {
	return w.say(fears, "$x", key("!conditions.hypothetical", w.rec.Denied[1]))
}

// upper begins a sentence with a capital.
func upper(s string) string {
	if s != "" && s[0] >= 'a' && s[0] <= 'z' {
		return strings.ToUpper(s[:1]) + s[1:]
	}
	if i := strings.IndexByte(s, '|'); strings.HasPrefix(s, "{") && i > 0 && s[i+1] >= 'a' && s[i+1] <= 'z' {
		head, text := s[:i], s[i+1:]
		if !strings.Contains(head, "=") && head[1] != '!' {
			value, _, _ := strings.Cut(text, "}")
			head += "=" + value
		}
		return head + "|" + strings.ToUpper(text[:1]) + text[1:]
	}
	return s
}

var (
	takesOne = lines(`
$x $y
$x at $y
$x, $y,`)
	takesAll = lines(`
$He takes $x.
$He is currently on $x.
$He remains on $x.
$His current treatment is $x.
$His medications are $x.
$He is maintained on $x.
Medications include $x.
$He has been taking $x.
$His regular medication comprises $x.
At present $he is using $x.`)
	stops = lines(`
$x was stopped.
$His $x was discontinued because of side effects.
$He is no longer taking $x.
We have stopped $his $x.
I have discontinued $x.
$x has been stopped.
$He stopped taking $x on $his own.`)
	raised = lines(`
I have increased $x from $o to $y.
$x was increased from $o to $y.
We raised $his $x from $o to $y.
$x has been reduced from $o to $y.
$His dose of $x was changed from $o to $y.`)
	begins = lines(`
I have started $x $y.
We added $x $y.
$x $y was started today.
$He was commenced on $x $y.
I prescribed $x $y.`)
	switches = lines(`
$He was switched from $o to $x $y.
We changed $o to $x $y.
$o was replaced by $x $y.
I have stopped $o and started $x $y instead.`)
	mayTake = lines(`
If this fails we would consider $x.
$x could be added in the future.
We discussed starting $x but $he prefers to wait.
$His wife takes $x.
$x may be considered at the next visit.
$His brother was treated with $x.`)
)

// prescribed is the dose with the frequency, and now and then the route.
func (w *Writer) prescribed(i int, m chart.Med) string {
	r := w.medRow(i, m)
	if m.Route == "oral" && w.r.IntN(4) == 0 {
		return r["dose"] + " " + keyed(fmt.Sprintf("medications.%d.route", i+1), "by mouth", "by mouth") + " " + r["freq"]
	}
	return r["dose"] + " " + r["freq"]
}

// drugs says what the patient takes, in one sentence or in several, with what
// was stopped, changed and begun.
func (w *Writer) drugs() string {
	var plain, out []string
	over := -1
	for i, m := range w.rec.Meds {
		if m.Stopped {
			over = i
		}
	}
	last := over // the one that another replaces
	for i, m := range w.rec.Meds {
		r := w.medRow(i, m)
		other := otherOf(m.Strengths, m.Dose)
		switch {
		case m.Stopped && i != last:
			w.stop(i)
			out = append(out, upper(w.say(stops, "$x", r["med"])))
		case m.Stopped:
		case over >= 0:
			old := w.medRow(over, w.rec.Meds[over])["med"]
			w.stop(over)
			out = append(out, upper(w.say(switches, "$x", r["med"], "$y", w.prescribed(i, m), "$o", old)))
			over = -1
		case len(plain) > 1 && other != "" && w.r.IntN(2) == 0:
			out = append(out, upper(w.say(raised, "$x", r["med"], "$y", w.prescribed(i, m), "$o", other)))
		case len(plain) > 1 && w.r.IntN(3) == 0:
			out = append(out, upper(w.say(begins, "$x", r["med"], "$y", w.prescribed(i, m))))
		default:
			plain = append(plain, strings.TrimRight(w.say(takesOne[:2], "$x", r["med"], "$y", w.prescribed(i, m)), ","))
		}
	}
	if over >= 0 {
		w.stop(over)
		out = append(out, upper(w.say(stops, "$x", w.medRow(over, w.rec.Meds[over])["med"])))
	}
	if len(plain) > 0 {
		out = append([]string{w.say(takesAll, "$x", w.series(plain))}, out...)
	}
	return strings.Join(out, " ")
}

func (w *Writer) stop(i int) {
	w.doc.Imply(fmt.Sprintf("medications.%d.medication_status", i+1), "stopped")
}

func otherOf(all []string, one string) string {
	for _, s := range all {
		if s != one {
			return s
		}
	}
	return ""
}

// notTaken is a drug that is thought of, or another's.
func (w *Writer) notTaken() string {
	for range 9 {
		name := w.m.Record().Meds[0].Name
		known := false
		for _, m := range w.rec.Meds {
			known = known || m.Name == name
		}
		for _, a := range w.rec.Allergies {
			known = known || strings.EqualFold(a.Allergen, name)
		}
		if !known {
			return upper(w.say(mayTake, "$x", key("!medications.planned", name)))
		}
	}
	return ""
}

var (
	reacts = lines(`
$x, which causes $y
$x ($y)
$x, to which $he reacted with $y`)
	allergic = lines(`
$He is allergic to $x.
$He has a known allergy to $x.
Allergies include $x.
$He reports allergies to $x.`)
	bareAllergic = lines(`
$He is allergic to $x.
$He is intolerant of $x.
$He cannot tolerate $x.
Please note $his allergy to $x.
$He reports allergies to $x.`)
	noAllergy = lines(`
$He has $x.
There are $x.
$He reports $x.`)
	noneWords = lines(`
no known drug allergies
no known allergies
no known medication allergies`)
)

func (w *Writer) allergic() string {
	if len(w.rec.Allergies) == 0 {
		return w.say(noAllergy, "$x", cell("allergies", 0, "allergen", noneWords[w.r.IntN(3)]))
	}
	with := w.r.IntN(3) > 0
	form := w.r.IntN(len(reacts))
	var items []string
	for i, a := range w.rec.Allergies {
		r := w.allergyRow(i, a)
		if !with {
			items = append(items, r["allergen"])
			continue
		}
		items = append(items, w.say(reacts[form:form+1], "$x", r["allergen"], "$y", r["reaction"]))
	}
	if with {
		return w.say(allergic, "$x", w.series(items))
	}
	return w.say(bareAllergic, "$x", w.series(items))
}

var (
	kinHad = lines(`
$His $r had $x.
$His $r was diagnosed with $x at 52.
$His $r died of $x.
$His $r suffers from $x.
There is a family history of $x in $his $r.
$His $r has $x.
Of note, $his $r had $x in later life.`)
	noKin = lines(`
There is no family history of $x.
Nobody in the family has had $x.`)
)

// kin says what runs in the family.
func (w *Writer) kin() string {
	var out []string
	for i, f := range w.rec.Family {
		rel := keyed(fmt.Sprintf("family_members.%d.relation", i+1), f.Relation, strings.ToLower(f.Relation))
		out = append(out, w.say(kinHad, "$r", rel, "$x", cell("family_members", i, "relative_condition", f.Illness)))
	}
	out = append(out, w.say(noKin, "$x", key("!conditions.family", w.rec.RuledOut[1])))
	return strings.Join(out, " ")
}

// signs prints vital signs in a sentence, some of them.
func (w *Writer) signs() string {
	v := w.rec.Vitals
	bp := key("blood_pressure_systolic", v.Systolic) + "/" + key("blood_pressure_diastolic", v.Diastolic)
	pulse, weight, sat := key("heart_rate", v.Pulse), key("weight", v.Weight), key("oxygen_saturation", v.Sat)
	temp, resp := key("body_temperature", v.Temp), key("respiratory_rate", v.Resp)
	return w.say(lines(`
BP today $b, pulse $p.
Blood pressure in clinic was $b with a pulse of $p beats per minute.
On examination $his blood pressure was $b mmHg, heart rate $p, respiratory rate $r and oxygen saturation $s% on room air.
$He was afebrile at $t degrees F with a pulse of $p and blood pressure of $b.
Vital signs: blood pressure $b, heart rate $p, temperature $t, oxygen saturation $s%.
$His blood pressure was $b, $his heart rate was $p and $he weighed $w pounds.
BP $b, HR $p, RR $r, sats $s% on air.
Observations on arrival: BP $b, pulse $p, resp rate $r, SpO2 $s%, temp $t F.`),
		"$b", bp, "$p", pulse, "$w", weight, "$s", sat, "$t", temp, "$r", resp)
}

var (
	resultSays = lines(`
$His $x was $y$d.
$x $y$d.
$x came back at $y$d.
Bloods showed a $x of $y$d.
The $x$d was $y.
$His most recent $x was $y$d.
$x measured $y$d.`)
	resultRun = lines(`
Laboratory data: $x.
Blood tests showed $x.
Labs today: $x.
Results included $x.
Investigations: $x.`)
)

// bloods tells of a few results, singly or in a run.
func (w *Writer) bloods(n int) string {
	var each, run []string
	i := 0
	for _, p := range w.rec.Panels {
		for _, t := range p.Results {
			if len(each) == n || t.Unit == "" || strings.ContainsAny(t.Test, ",(") || strings.ContainsAny(t.Value, "ANP") {
				continue
			}
			c := func(col, text string) string { return cell("lab_results", i, col, text) }
			gap := " "
			if t.Unit == "%" {
				gap = ""
			}
			y := c("result_value", t.Value) + gap + c("unit", t.Unit)
			d := w.visited(i)
			each = append(each, upper(w.say(resultSays, "$x", c("test_name", t.Test), "$y", y, "$d", d)))
			run = append(run, c("test_name", t.Test)+" "+y)
			i++
		}
	}
	switch {
	case len(each) == 0:
		return ""
	case w.r.IntN(2) == 0:
		return w.say(resultRun, "$x", w.series(run))
	}
	return strings.Join(each, " ")
}

// visited is when a result was taken, for every other one.
func (w *Writer) visited(i int) string {
	if w.r.IntN(2) == 0 {
		return ""
	}
	at := w.rec.Visit.Date.AddDate(0, 0, -3-w.r.IntN(90))
	if w.r.IntN(2) == 0 {
		return " in " + keyed(fmt.Sprintf("lab_results.%d.collection_date", i+1), at.Format("2006-01"), at.Format("January 2006"))
	}
	return " on " + w.dayCell("lab_results", i, "collection_date", at)
}

var (
	did = lines(`
$He underwent $x on $d.
$He had a $x in $y.
$x was performed on $d.
$His surgical history includes $x in $y.
Status post $x in $y.
$He has had $x ($y).
$x was carried out on $d without complication.`)
	willDo = lines(`
$He is scheduled for $x next month.
We have arranged $x.
I would recommend $x.
$x is planned.
$He has been referred for $x.
We discussed $x, which $he declined.`)
)

// operations tells of what was done, and what is planned.
func (w *Writer) operations() string {
	var out []string
	for i, p := range w.rec.Done {
		name := cell("procedures", i, "procedure_name", p.Name)
		form := did[w.r.IntN(len(did))]
		date := fmt.Sprintf("procedures.%d.procedure_date", i+1)
		out = append(out, upper(w.say([]string{form}, "$x", name, "$d", w.day(date, p.Date), "$y", keyed(date, p.Date.Format("2006"), p.Date.Format("2006")))))
	}
	for range 9 {
		name := w.m.Record().Done[0].Name
		known := false
		for _, p := range w.rec.Done {
			known = known || p.Name == name
		}
		if !known {
			return strings.Join(append(out, upper(w.say(willDo, "$x", key("!procedures.planned", name)))), " ")
		}
	}
	return strings.Join(out, " ")
}

var vaccinated = lines(`
$He received the $x vaccine on $d.
$x was given on $d.
$He had $x vaccination on $d.
$His last $x vaccine was on $d.`)

// shots tells of the first vaccines.
func (w *Writer) shots(n int) string {
	var out []string
	for _, s := range w.rec.Shots {
		if len(out) == n || strings.ContainsAny(s.Vaccine, ",(") {
			continue
		}
		k := len(out)
		out = append(out, upper(w.say(vaccinated, "$x", cell("immunizations", k, "vaccine_name", s.Vaccine), "$d", w.dayCell("immunizations", k, "vaccine_date", s.Date))))
	}
	return strings.Join(out, " ")
}

// habits tells of smoking.
func (w *Writer) habits() string {
	smoke := func(text string) string { return keyed("smoking_status", w.rec.Smoking, text) }
	forms := map[string][]string{
		"current": {"$He " + smoke("smokes") + " ten cigarettes a day.", "$He is a " + smoke("current smoker") + ".", "$He " + smoke("continues to smoke") + " a pack per day."},
		"former":  {"$He is an " + smoke("ex-smoker") + " of 20 pack years.", "$He " + smoke("quit smoking") + " ten years ago.", "$He " + smoke("used to smoke") + ".", "A " + smoke("former smoker") + ", $he lives alone."},
		"never":   {"$He has " + smoke("never smoked") + ".", "$He is a " + smoke("lifelong non-smoker") + ".", "$He " + smoke("does not smoke") + ".", "$He is a " + smoke("nonsmoker") + "."},
	}
	return w.say(forms[w.rec.Smoking])
}

var seenWhen = lines(`
I saw $him in clinic on $d.
$He was reviewed in the outpatient department on $d.
$mr attended the clinic on $d.
I had the pleasure of seeing $him on $d.
$He was seen on $d.`)

func (w *Writer) seen() string {
	return w.say(seenWhen, "$d", w.day("encounter_date", w.rec.Visit.Date))
}

var stayed = lines(`
$He was admitted on $a and discharged on $d.
$He was admitted to our ward on $a and went home on $d.
$mr was an inpatient from $a to $d.
The patient was admitted on $a. $He was discharged home on $d.`)

func (w *Writer) stay() string {
	return w.say(stayed, "$a", w.day("admission_date", w.rec.Visit.Admitted), "$d", w.day("discharge_date", w.rec.Visit.Discharged))
}
