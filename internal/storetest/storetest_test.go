package storetest

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"
)

// failure is a T that keeps the message of a failed check.
type failure struct{ text string }

func (*failure) Helper() {}

func (f *failure) Fatalf(format string, args ...any) {
	f.text = fmt.Sprintf(format, args...)
	panic(f)
}

// failed returns the message with which a check fails, or "" if it does not.
func failed(check func(t T)) string {
	f := &failure{}
	func() {
		defer func() {
			if r := recover(); r != nil && r != any(f) {
				panic(r)
			}
		}()
		check(f)
	}()
	return f.text
}

// one is a store of one value.
type one struct {
	value string
	err   error
}

func (o *one) Set(_, _, value string) error {
	o.value = value
	return o.err
}

func (o *one) Get(_, _ string) (string, error) { return o.value, o.err }

func TestChecksFail(t *testing.T) {
	s := &one{}
	long := strings.Repeat("v", 1000)
	Set(t, s, "g", "k", long)
	WantValue(t, s, "g", "k", long)
	if text := failed(func(t T) { WantValue(t, s, "g", "k", "other") }); !strings.Contains(text, "(1000 bytes)") || len(text) > 300 {
		t.Errorf("another value: %q", text)
	}
	s.err = errors.New("no luck")
	for name, check := range map[string]func(t T){
		"Set":       func(t T) { Set(t, s, "g", "k", "v") },
		"WantValue": func(t T) { WantValue(t, s, "g", "k", "v") },
	} {
		if text := failed(check); !strings.Contains(text, "no luck") {
			t.Errorf("%s with an error: %q", name, text)
		}
	}
}

func TestRaw(t *testing.T) {
	path := Path(t)
	db := Raw(t, path)
	Exec(t, db, "CREATE TABLE t (n INTEGER)")
	Exec(t, db, "INSERT INTO t VALUES (?)", 7)
	if n := Value[int64](t, db, "SELECT n FROM t WHERE n > ?", 1); n != 7 {
		t.Errorf("the table holds %d", n)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	WantIntact(t, path)
	again := Copy(t, path)
	if again == path || !maps.Equal(Folder(t, again), Folder(t, path)) {
		t.Errorf("%s is no copy of %s", again, path)
	}
	if err := os.WriteFile(again+"-more", []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	if files := Folder(t, again); len(files) != 2 || files["kv.db-more"] != "x" {
		t.Errorf("%d files", len(files))
	}
}
