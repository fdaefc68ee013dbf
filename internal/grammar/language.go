package grammar

import "strings"

// functionWords are the commonest small words of languages, without accents, less
// those that English has too. A text's language is told by them (Ingle 1976 in
// Grefenstette 1995: short words alone tell it from some twenty words on).
var functionWords = []struct{ language, words string }{
	{"English", "the of and to is with for was were on not by at this that has have had are from or be as an it he she his her no"},
	{"Spanish", "de la el los las del en con por para una que se su al como esta fue sin mas dos tiene desde hasta sobre cada muy y dia"},
	{"French", "le la les des du et est une dans pour avec sur au aux par plus pas qui ce cette sont depuis sans elle il de un jour a"},
	{"German", "der die das und ist nicht mit von den dem ein eine einer bei zu auf fur im wird wurde nach des aus seit keine sich am zur zum"},
	{"Italian", "di il che della del con per una nel sono alla dei gli le si non da al nella delle un e giorno"},
	{"Portuguese", "de do da os as em com para uma nao que no na ao dos das foi um por sem mais dia e se"},
	{"Dutch", "de het een van en met voor niet op aan zijn bij naar wordt werd geen dat te uit ook der"},
	{"Polish", "i w z na do nie sie jest od po przez dla oraz ze bez lub jak jej jego"},
	{"Tagalog", "ang ng mga sa na ay at para hindi ako siya kung may"},
	{"Haitian Creole", "nan ak pou yo li pa gen ki se sou te yon lan"},
}

var languagesOf = func() map[string][]int {
	all := map[string][]int{}
	for i, l := range functionWords {
		for _, w := range strings.Fields(l.words) {
			all[w] = append(all[w], i)
		}
	}
	return all
}()

var accents = strings.NewReplacer("á", "a", "à", "a", "â", "a", "ä", "a", "ã", "a", "é", "e", "è", "e", "ê", "e", "ë", "e", "í", "i", "ì", "i", "î", "i",
	"ï", "i", "ó", "o", "ò", "o", "ô", "o", "ö", "o", "õ", "o", "ú", "u", "ù", "u", "û", "u", "ü", "u", "ç", "c", "ñ", "n", "ę", "e", "ą", "a")

// The least function words, and the least share of all words, by which a language
// is told.
const (
	leastFunctionWords = 12
	leastFunctionShare = 0.12
)

// Language names the language of a text's words, such as "Spanish", "" where it is
// English or cannot be told: tables and short forms have no function words.
func Language(words []string) string {
	count := make([]int, len(functionWords))
	all := 0
	for _, w := range words {
		w = accents.Replace(strings.ToLower(strings.Trim(w, ".,;:()[]\"'¿?¡!-")))
		if w == "" {
			continue
		}
		all++
		for _, i := range languagesOf[w] {
			count[i]++
		}
	}
	best := 0
	for i, n := range count {
		if n > count[best] {
			best = i
		}
	}
	if best == 0 || count[best] < leastFunctionWords || float64(count[best]) < leastFunctionShare*float64(all) || count[best] < 2*count[0] {
		return ""
	}
	return functionWords[best].language
}
