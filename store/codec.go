package store

import "encoding/json"

// Codec turns values into bytes and back. It must be safe for many goroutines.
// Marshal gets the value itself, Unmarshal a pointer to a zero one, and must not
// keep data. An error of either is wrapped in that of the verb; after one of Marshal
// nothing was written. Both may run while other writers wait, so they must not call
// the store.
type Codec interface {
	Marshal(v any) ([]byte, error)
	Unmarshal(data []byte, v any) error
}

type jsonCodec struct{}

func (jsonCodec) Marshal(v any) ([]byte, error)      { return json.Marshal(v) }
func (jsonCodec) Unmarshal(data []byte, v any) error { return json.Unmarshal(data, v) }

// encode turns a value into what is stored. Without a codec, string and []byte are
// stored as they are, and any other type as JSON.
func encode[V any](c Codec, v V) (string, error) {
	if c == nil {
		switch p := any(&v).(type) {
		case *string:
			return *p, nil
		case *[]byte:
			return string(*p), nil
		}
		c = jsonCodec{}
	}
	data, err := c.Marshal(v)
	return string(data), err
}

// decode undoes encode.
func decode[V any](c Codec, value string) (v V, err error) {
	if c == nil {
		switch p := any(&v).(type) {
		case *string:
			*p = value
			return v, nil
		case *[]byte:
			*p = []byte(value)
			return v, nil
		}
		c = jsonCodec{}
	}
	err = c.Unmarshal([]byte(value), &v)
	return v, err
}
