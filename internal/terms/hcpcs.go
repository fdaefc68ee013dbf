package terms

import (
	"context"
	"fmt"
	"strings"
)

// The columns of CMS's alpha-numeric HCPCS file, from 0.
const (
	hcpcsSequence = 5
	hcpcsKind     = 10 // 3 a code's first line, 4 its further ones; 7 and 8 a modifier's
	hcpcsLong     = 11
	hcpcsShort    = 91
	hcpcsEnd      = 119
)

func isHCPCS(head []byte) bool {
	return len(head) > hcpcsEnd && !digit(head[0]) && alnum(head[0]|0x20) && digit(head[1]) && digit(head[hcpcsSequence]) && digit(head[hcpcsSequence+4]) &&
		head[hcpcsKind] >= '3' && head[hcpcsKind] <= '8'
}

// parseHCPCS reads the fixed columns of the HCPCS Level II file: 1–5 code, 6–10
// sequence, 11 kind of record, 12–91 a part of the long description, 92–119 the
// short one. Dental codes (D) are the ADA's and are left out.
func parseHCPCS(ctx context.Context, src source) ([]entry, string, error) {
	var out []entry
	n := 0
	for line := range strings.Lines(string(src.text)) {
		n++
		if n%4096 == 0 && ctx.Err() != nil {
			return nil, "", ctx.Err()
		}
		line = strings.TrimRight(line, "\r\n")
		if strings.TrimSpace(line) == "" {
			continue
		}
		if len(line) <= hcpcsLong {
			return nil, "", fmt.Errorf("line %d, column %d: not an HCPCS line", n, len(line)+1)
		}
		code, part := strings.TrimSpace(line[:hcpcsSequence]), strings.TrimSpace(line[hcpcsLong:min(len(line), hcpcsShort)])
		switch {
		case code == "" || part == "":
			return nil, "", fmt.Errorf("line %d, column 1: no code or no description", n)
		case code[0] == 'D' && len(code) == 5:
		case line[hcpcsKind] == '3':
			out = append(out, entry{domain: Procedure, name: part, weak: true, codings: []Coding{{System: HCPCS, Code: code}}})
		case line[hcpcsKind] == '7':
			out = append(out, entry{domain: Procedure, name: part, silent: true, codings: []Coding{{System: HCPCS, Code: code}}})
		case line[hcpcsKind] == '4' || line[hcpcsKind] == '8':
			if len(out) == 0 || out[len(out)-1].codings[0].Code != code {
				return nil, "", fmt.Errorf("line %d, column 11: a description goes on that did not begin", n)
			}
			out[len(out)-1].name += " " + part
		default:
			return nil, "", fmt.Errorf("line %d, column 11: want 3, 4, 7 or 8", n)
		}
	}
	for i := range out {
		out[i].codings[0].Display = out[i].name
	}
	return out, versionIn(src.name), nil
}
