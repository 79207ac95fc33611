package store_test

import (
	"bytes"
	"context"
	"encoding/gob"
	"fmt"

	"forge.lthn.ai/core/go-store/store"
)

// gobCodec encodes values with encoding/gob.
type gobCodec struct{}

func (gobCodec) Marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	err := gob.NewEncoder(&b).Encode(v)
	return b.Bytes(), err
}

func (gobCodec) Unmarshal(data []byte, v any) error {
	return gob.NewDecoder(bytes.NewReader(data)).Decode(v)
}

func ExampleWithCodec() {
	s := newMemory()
	defer s.Close()

	ctx := context.Background()
	points := store.NewGroup[map[string]int](s, "points", store.WithCodec(gobCodec{}))
	must(points.Set(ctx, "origin", map[string]int{"x": 0, "y": 0}))
	fmt.Println(points.Get(ctx, "origin"))
	// Output: map[x:0 y:0] <nil>
}
