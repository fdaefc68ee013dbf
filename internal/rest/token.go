package rest

import (
	"context"
	"errors"
	"net/http"
	"os"
	"strings"
)

// Bearer sends a token that somebody else keeps fresh.
type Bearer struct {
	// Token is the token itself; where it is empty, File holds it, and is read
	// anew each time, since who renews it writes it there.
	Token, File string
}

var _ Authorizer = Bearer{}

// Authorize implements Authorizer.
func (b Bearer) Authorize(_ context.Context, req *http.Request, _ []byte) error {
	token := b.Token
	if token == "" {
		data, err := os.ReadFile(b.File)
		if err != nil {
			return errors.New("read the file with the FHIR server's token: it can't be opened")
		}
		token = strings.TrimSpace(string(data))
	}
	if token == "" || strings.ContainsAny(token, " \t\r\n") {
		return errors.New("the FHIR server's token is empty or has blanks in it")
	}
	req.Header.Set("Authorization", "Bearer "+token)
	return nil
}
