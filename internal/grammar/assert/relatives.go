package assert

import "strings"

// relatives are printed words with the name they go by, the longer first.
var relatives = []struct{ word, name string }{
	{"maternal grandmother", "maternal grandmother"}, {"paternal grandmother", "paternal grandmother"},
	{"maternal grandfather", "maternal grandfather"}, {"paternal grandfather", "paternal grandfather"},
	{"maternal great-grandmother", "maternal great-grandmother"},
	{"mgm", "maternal grandmother"}, {"pgm", "paternal grandmother"}, {"mgf", "maternal grandfather"}, {"pgf", "paternal grandfather"},
	{"maternal aunt", "maternal aunt"}, {"paternal aunt", "paternal aunt"}, {"maternal uncle", "maternal uncle"}, {"paternal uncle", "paternal uncle"},
	{"maternal cousin", "maternal cousin"}, {"paternal cousin", "paternal cousin"},
	{"half-sister", "half-sister"}, {"half sister", "half-sister"}, {"half-brother", "half-brother"}, {"half brother", "half-brother"},
	{"grandmother", "grandmother"}, {"grandfather", "grandfather"}, {"grandparents", "grandparent"}, {"grandparent", "grandparent"},
	{"grandson", "grandson"}, {"granddaughter", "granddaughter"}, {"mother", "mother"}, {"mom", "mother"}, {"father", "father"}, {"dad", "father"},
	{"parents", "parent"}, {"parent", "parent"}, {"brothers", "brother"}, {"brother", "brother"}, {"sisters", "sister"}, {"sister", "sister"},
	{"siblings", "sibling"}, {"sibling", "sibling"}, {"twin", "twin"}, {"sons", "son"}, {"son", "son"}, {"daughters", "daughter"}, {"daughter", "daughter"},
	{"aunts", "aunt"}, {"aunt", "aunt"}, {"uncles", "uncle"}, {"uncle", "uncle"}, {"cousins", "cousin"}, {"cousin", "cousin"}, {"niece", "niece"}, {"nephew", "nephew"},
}

// speaks are verbs that make a relative the source and not the bearer:
// "mother reports fever".
const speaks = `reports|reported|states|stated|says|said|notes|noted|denies|denied|thinks|believes|brought|called|calls|is concerned|concerned|worried|is worried|present|at bedside|who is|gave|gives|helps|assists|feels|describes|observed|noticed|accompanies|was concerned|endorses|requests`

// relativeCues are the ways relatives are named. With a verb of speech they are
// pseudo cues; before a relative so are "per" and "lives with".
func relativeCues() []cue {
	out := append(list(family, ahead, `nobody in the family|no one in the family|nobody in his family|nobody in her family|none of his family|none of her family|no family members|no family member|no relatives|no relative|family history of|family history|family hx|family hx of|fam hx|fhx|fh|fh:|f/h|fhx of|fh of|fh positive for|family history positive for|family history significant for|family history is significant for|maternal history of|paternal history of|maternal family history|paternal family history|first-degree relative with|first degree relative with|relatives with|relative with|family members with|family member with|strong family history of|positive family history of|no family history of|no fh of|no fhx of`),
		list(family, behind, `in family|in the family|runs in the family|runs in family|in his family|in her family|in multiple family members|family history|on mother's side|on father's side|on maternal side|on paternal side|maternal side|paternal side`)...)
	for _, r := range relatives {
		out = append(out, cue{words: r.word, kind: family, dir: both}, cue{words: r.word + "'s", kind: family, dir: both}, cue{words: r.word + "-in-law", kind: other, dir: both})
		for _, v := range strings.Split(speaks, "|") {
			out = append(out, cue{words: r.word + " " + v, kind: pseudo})
		}
		for _, p := range strings.Split(`per|per the|per his|per her|per pt's|according to|lives with|lives with his|lives with her|living with|accompanied by|accompanied by his|accompanied by her|here with|here with his|here with her|with|with his|with her|from|history from|history obtained from|obtained from|informed|informant:|discussed with|spoke with|cared for by|cares for|caring for|caring for her|caring for his|stays with|gave birth to|told|call`, "|") {
			out = append(out, cue{words: p + " " + r.word, kind: pseudo})
		}
	}
	for _, r := range strings.Split(others, "|") {
		out = append(out, cue{words: r, kind: other, dir: ahead}, cue{words: r + "'s", kind: other, dir: ahead})
		for _, v := range strings.Split(speaks, "|") {
			out = append(out, cue{words: r + " " + v, kind: pseudo})
		}
		for _, p := range strings.Split(`per|per his|per her|according to|lives with|lives with his|lives with her|living with|accompanied by|accompanied by his|accompanied by her|here with|here with his|here with her|with|with his|with her|from|history from|obtained from|discussed with|spoke with|cared for by|cares for|caring for|told|call|called|and his|and her`, "|") {
			out = append(out, cue{words: p + " " + r, kind: pseudo})
		}
	}
	return out
}

// others are people who are no blood relatives and may have what is mentioned.
const others = `wife|husband|spouse|partner|girlfriend|boyfriend|roommate|flatmate|neighbor|neighbour|coworker|co-worker|friend|fiance|carer|caregiver`
