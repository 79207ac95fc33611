package main

import (
	"time"

	"forge.lthn.ai/core/go-store/store"
)

type entryJSON struct {
	Key         *string `json:"key,omitempty"`
	KeyBase64   []byte  `json:"key_base64,omitempty"`
	Value       *string `json:"value,omitempty"`
	ValueBase64 []byte  `json:"value_base64,omitempty"`
	ExpiresAt   *string `json:"expires_at"`
	TTL         *int64  `json:"ttl_ms"`
	Revision    int64   `json:"revision"`
}

// entryObject returns an entry for JSON, with its time to live at now.
func entryObject(e store.Entry[string], now time.Time) entryJSON {
	o := entryJSON{ExpiresAt: jsonTime(e.ExpiresAt), Revision: int64(e.Revision)}
	o.Key, o.KeyBase64 = jsonBytes(e.Key)
	o.Value, o.ValueBase64 = jsonBytes(e.Value)
	if !e.ExpiresAt.IsZero() {
		ms := max(e.ExpiresAt.UnixMilli()-now.UnixMilli(), 0)
		o.TTL = &ms
	}
	return o
}

type eventJSON struct {
	Event string `json:"event"`
	entryJSON
}

// eventObject returns an event for JSON. Only EventSet has a value and a time to
// live.
func eventObject(e store.Event[string], now time.Time) eventJSON {
	o := eventJSON{e.Kind.String(), entryObject(e.Entry, now)}
	if e.Kind != store.EventSet {
		o.Value, o.ValueBase64, o.TTL = nil, nil, nil
	}
	return o
}
