package fault

import (
	"errors"
	"strings"
	"testing"
)

func TestGuard(t *testing.T) {
	_, err := Guard(func() (int, error) { panic("Roe, Jane") })
	if err == nil || !strings.Contains(err.Error(), "TestGuard") || strings.Contains(err.Error(), "Roe") {
		t.Errorf("error is %v", err)
	}
	want := errors.New("as it is")
	if n, err := Guard(func() (int, error) { return 7, want }); n != 7 || err != want {
		t.Errorf("returns %d, %v", n, err)
	}
}
