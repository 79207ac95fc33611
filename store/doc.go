// Package store is a typed key–value store kept in plain SQL.
package store
