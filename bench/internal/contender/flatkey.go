package contender

import "strings"

// flatKey returns the name of a group's key in a store that has no groups. No group of the workloads contains the separator.
func flatKey(group, key string) string { return group + ":" + key }

// prefixOf returns the prefix of all flat keys of a group.
func prefixOf(group string) string { return group + ":" }

// pastPrefix returns the least string above all flat keys of a group: the separator's successor takes its place.
func pastPrefix(group string) string { return group + ";" }

// unflat returns the key within its group.
func unflat(group, flat string) string { return strings.TrimPrefix(flat, prefixOf(group)) }
