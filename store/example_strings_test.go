package store_test

import "fmt"

func ExampleStore_Set() {
	s := newMemory()
	defer s.Close()

	must(s.Set("config", "theme", "light"))
	must(s.Set("config", "theme", "dark")) // replaces the value
	must(s.Set("bin", "nul", "a\x00b"))    // any bytes
	fmt.Println(s.Get("config", "theme"))
	// Output: dark <nil>
}

func ExampleStore_Get() {
	s := newMemory()
	defer s.Close()

	must(s.Set("config", "theme", "dark"))
	fmt.Println(s.Get("config", "theme"))
	_, err := s.Get("config", "font")
	fmt.Println(err)
	// Output:
	// dark <nil>
	// store.Get: config/font: store: not found
}

func ExampleStore_Delete() {
	s := newMemory()
	defer s.Close()

	must(s.Set("config", "theme", "dark"))
	must(s.Delete("config", "theme"))
	must(s.Delete("config", "theme")) // an absent key is not an error
	_, err := s.Get("config", "theme")
	fmt.Println(err)
	// Output: store.Get: config/theme: store: not found
}

func ExampleStore_DeleteGroup() {
	s := newMemory()
	defer s.Close()

	must(s.Set("config", "theme", "dark"))
	must(s.Set("config", "language", "en-GB"))
	must(s.DeleteGroup("config"))
	fmt.Println(s.Count("config"))
	// Output: 0 <nil>
}

func ExampleStore_Count() {
	s := newMemory()
	defer s.Close()

	must(s.Set("config", "theme", "dark"))
	must(s.Set("config", "language", "en-GB"))
	fmt.Println(s.Count("config"))
	fmt.Println(s.Count("session"))
	// Output:
	// 2 <nil>
	// 0 <nil>
}

func ExampleStore_GetAll() {
	s := newMemory()
	defer s.Close()

	must(s.Set("config", "theme", "dark"))
	must(s.Set("config", "language", "en-GB"))
	all, err := s.GetAll("config")
	fmt.Println(all, err)
	all["theme"] = "light" // the map is the caller's
	fmt.Println(s.Get("config", "theme"))
	// Output:
	// map[language:en-GB theme:dark] <nil>
	// dark <nil>
}

func ExampleStore_Render() {
	s := newMemory()
	defer s.Close()

	must(s.Set("config", "theme", "dark"))
	must(s.Set("config", "time zone", "UTC"))
	fmt.Println(s.Render(`{{.theme}}, {{index . "time zone"}}, {{.font}}`, "config"))
	// Output: dark, UTC, <no value> <nil>
}
