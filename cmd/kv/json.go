package main

import (
	"bytes"
	"encoding/json"
	"time"
	"unicode/utf8"
)

// JSON strings are Unicode, and a store holds bytes. Bytes that are valid UTF-8 are
// a string under their name. Others are in base64 (RFC 4648, with padding) under
// that name with "_base64" added, so that every value can be restored exactly.

// jsonBytes returns s for one of the two fields.
func jsonBytes(s string) (text *string, base64 []byte) {
	if utf8.ValidString(s) {
		return &s, nil
	}
	return nil, []byte(s)
}

// jsonTime returns at in RFC 3339, or nil for the zero time. A time.Time itself does
// not marshal after the year 9999, and a file may hold such an expiry.
func jsonTime(at time.Time) *string {
	if at.IsZero() {
		return nil
	}
	s := at.UTC().Format("2006-01-02T15:04:05.000Z07:00")
	return &s
}

// encodeJSON encodes v in one line, without a newline. Characters that are special
// in HTML stay as they are.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
