package main

import (
	"bytes"
	"encoding/json"
	"time"
	"unicode/utf8"
)

// JSON strings are Unicode, and what a store holds is bytes. Bytes that are
// valid UTF-8 stand as a string under their name, and others in base64 (RFC
// 4648, with padding) under that name with "_base64" added, so that every value
// can be had back exactly.

// jsonBytes returns s for the one field or for the other.
func jsonBytes(s string) (text *string, base64 []byte) {
	if utf8.ValidString(s) {
		return &s, nil
	}
	return nil, []byte(s)
}

// jsonTime is at in RFC 3339, or null for the zero time. It does not marshal the
// time itself, since that fails after the year 9999, which a file may hold.
func jsonTime(at time.Time) *string {
	if at.IsZero() {
		return nil
	}
	s := at.UTC().Format("2006-01-02T15:04:05.000Z07:00")
	return &s
}

// encodeJSON writes v in one line, without a newline. Characters that mean
// something in HTML stay as they are.
func encodeJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
