package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html/template"
	"image"
	"image/png"
	"os"

	"github.com/paperchart/paperchart/eval/paper"
	"github.com/paperchart/paperchart/eval/score"
)

// miss is one mistake as the page of mistakes shows it.
type miss struct {
	score.Item
	Snippet template.URL
}

// snippets cuts the ink of every mistake out of its scan.
func snippets(s *scanned, items []score.Item) []miss {
	var out []miss
	for _, i := range items {
		if i.Kind == score.Right {
			continue
		}
		m := miss{Item: i}
		if i.Page > 0 && i.Page <= len(s.scans) && i.Place != [4]float64{} {
			m.Snippet = crop(s.scans[i.Page-1], i.Place)
		}
		out = append(out, m)
	}
	return out
}

// crop shows a place with some of its surroundings, at half size.
func crop(s *paper.Scan, b [4]float64) template.URL {
	w, h := float64(s.Image.Rect.Dx()), float64(s.Image.Rect.Dy())
	r := image.Rect(int(b[0]*w)-260, int(b[1]*h)-45, int((b[0]+b[2])*w)+260, int((b[1]+b[3])*h)+45).Intersect(s.Image.Rect)
	small := image.NewGray(image.Rect(0, 0, r.Dx()/2, r.Dy()/2))
	for y := range small.Rect.Dy() {
		for x := range small.Rect.Dx() {
			sum := 0
			for _, d := range [4]image.Point{{0, 0}, {1, 0}, {0, 1}, {1, 1}} {
				sum += int(s.Image.GrayAt(r.Min.X+2*x+d.X, r.Min.Y+2*y+d.Y).Y)
			}
			small.Pix[y*small.Stride+x] = uint8(sum / 4)
		}
	}
	var data bytes.Buffer
	if err := png.Encode(&data, small); err != nil {
		return ""
	}
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(data.Bytes()))
}

const missesPage = `<!doctype html><meta charset="utf-8"><title>What was not read right</title>
<style>body{font:14px sans-serif;margin:2em}td{border-top:1px solid #ccc;padding:.4em;vertical-align:top}img{max-width:560px}h2{margin-top:2em}</style>
{{range .}}{{if .Misses}}<h2>{{.Name}}</h2><table>{{range .Misses}}<tr><td>{{.Kind}}<td>{{.Field}}<td>{{printf "%.2f" .Conf}}<td>want <b>{{.Want}}</b><br>got <b>{{.Got}}</b><br>{{.Remark}}
<td>{{if .Snippet}}<img src="{{.Snippet}}" alt="">{{end}}{{end}}</table>{{end}}{{end}}`

// writeMisses writes the page of mistakes, a table for each document.
func writeMisses(file string, outcomes []outcome) error {
	type doc struct {
		Name   string
		Misses []miss
	}
	var docs []doc
	for _, o := range outcomes {
		docs = append(docs, doc{o.name, o.misses})
	}
	t, err := template.New("misses").Parse(missesPage)
	if err != nil {
		return fmt.Errorf("read template: %w", err)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, docs); err != nil {
		return fmt.Errorf("write mistakes: %w", err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write mistakes: %w", err)
	}
	return nil
}
