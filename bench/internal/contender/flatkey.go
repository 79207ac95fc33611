package contender

import "strings"

// flatKey is how a group's key is named in a store that has one level of keys only. The separator cannot be part of the
// workloads' groups.
func flatKey(group, key string) string { return group + ":" + key }

// prefixOf is what all flat keys of a group begin with.
func prefixOf(group string) string { return group + ":" }

// pastPrefix is the first flat key after those of a group: the separator's successor takes its place.
func pastPrefix(group string) string { return group + ";" }

// unflat is the key within its group.
func unflat(group, flat string) string { return strings.TrimPrefix(flat, prefixOf(group)) }
