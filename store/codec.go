package store

import "encoding/json"

// Codec turns values into bytes and back. It must be safe for many goroutines.
// Unmarshal must not keep data.
type Codec interface {
	Marshal(v any) ([]byte, error)
	Unmarshal(data []byte, v any) error
}

type jsonCodec struct{}

func (jsonCodec) Marshal(v any) ([]byte, error)      { return json.Marshal(v) }
func (jsonCodec) Unmarshal(data []byte, v any) error { return json.Unmarshal(data, v) }

// decode turns a stored value into a V. Without a codec, string and []byte are
// the value as it is and any other type is JSON.
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
