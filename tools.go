//go:build tools || generate

// Package tools pins the versions of the programs that make and run this
// project's SQL: sqlc writes internal/dbgen, goose runs the migrations from a
// shell. The build tag keeps both out of every program that imports the store.
package tools

import (
	_ "github.com/pressly/goose/v3/cmd/goose"
	_ "github.com/sqlc-dev/sqlc/cmd/sqlc"
)

//go:generate go run github.com/sqlc-dev/sqlc/cmd/sqlc generate
