package contender

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestRawReuseStaysWithinItsFile(t *testing.T) {
	dir := t.TempDir()
	store, err := openRaw(dir, 1000)
	if err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if err := store.Set("g", "k", strings.Repeat("v", 98)); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(dir, "raw.log"))
	if err != nil || info.Size() != 1000 {
		t.Fatalf("size %v, %v; want 1000", info.Size(), err)
	}
}

func TestRawAppendGrows(t *testing.T) {
	dir := t.TempDir()
	store, err := openRaw(dir, 0)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := store.Set("g", "k", "v"); err != nil {
			t.Fatal(err)
		}
	}
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join(dir, "raw.log"))
	if err != nil || string(got) != "gkvgkvgkv" {
		t.Fatalf("file holds %q, %v", got, err)
	}
}
