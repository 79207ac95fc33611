package machine

import "testing"

func TestFactsAreAllKnown(t *testing.T) {
	facts, err := Facts(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, fact := range facts {
		if fact.Value == "" {
			t.Errorf("%s is empty", fact.Key)
		}
	}
}

func TestFileSystemOfAMissingDirectory(t *testing.T) {
	if fs, err := FileSystem("/does/not/exist"); err == nil && fs != "unknown" {
		t.Fatalf("FileSystem = %q, nil", fs)
	}
}
