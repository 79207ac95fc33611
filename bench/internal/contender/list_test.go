package contender

import "testing"

func TestNamed(t *testing.T) {
	all, err := Named("")
	if err != nil || len(all) != len(All()) {
		t.Fatalf("Named(\"\") = %d contenders, %v", len(all), err)
	}
	two, err := Named("badger, map")
	if err != nil || len(two) != 2 || two[0].Name != "badger" || two[1].Name != "map" {
		t.Fatalf("Named = %v, %v", two, err)
	}
	if _, err := Named("nobody"); err == nil {
		t.Fatal("an unknown name is no error")
	}
}

func TestNamesAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range All() {
		if seen[c.Name] || c.Name == "" || c.Title == "" || c.Roles == 0 || c.Setup == "" {
			t.Errorf("contender %+v is incomplete or not unique", c.Name)
		}
		seen[c.Name] = true
	}
}
