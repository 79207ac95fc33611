package store

import "encoding/json"

// Codec encodes values as bytes and decodes them. It must be safe for concurrent use.
//
// Marshal receives the value itself; the store copies the bytes that it returns.
// Unmarshal receives a pointer to a zero value and must not keep data. The verb
// wraps an error of either method in its own error. If Marshal fails, nothing is
// written. Both methods may run while other writers wait, so they should be quick
// and must not call the store.
type Codec interface {
	Marshal(v any) ([]byte, error)
	Unmarshal(data []byte, v any) error
}

type jsonCodec struct{}

func (jsonCodec) Marshal(v any) ([]byte, error)      { return json.Marshal(v) }
func (jsonCodec) Unmarshal(data []byte, v any) error { return json.Unmarshal(data, v) }

// encode returns the stored form of a value. Without a codec, string and []byte are
// stored unchanged, and any other type as JSON.
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

// decode is the inverse of encode.
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
