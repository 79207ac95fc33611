package store_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"forge.lthn.ai/core/go-store/internal/engine"
	"forge.lthn.ai/core/go-store/internal/engine/sqlite"
	"forge.lthn.ai/core/go-store/store"
)

// hooked is an engine that calls a test before each call of its methods, with the name of
// the method and its parameters. If the test returns an error, hooked returns that error
// and does not make the call.
type hooked struct {
	engine.Engine
	before func(ctx context.Context, method string, arg any) error
}

// openHooked opens a store on a hooked engine. The store's sweeper runs from the start, so
// before must be ready.
func openHooked(t testing.TB, path string, before func(ctx context.Context, method string, arg any) error, opts ...store.Option) (*store.Store, *hooked) {
	t.Helper()
	h := &hooked{Engine: openEngine(t, path), before: before}
	s, err := store.NewOn(h, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() }) // before may refuse it
	return s, h
}

// openEngine opens the same engine as store.New.
func openEngine(t testing.TB, path string) engine.Engine {
	t.Helper()
	eng, err := sqlite.Open(context.Background(), path, sqlite.Options{
		MigrationsTable: "goose_db_version",
		BusyTimeout:     10 * time.Second,
		Logger:          slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return eng
}

func hook[A, R any](ctx context.Context, h *hooked, method string, call func(context.Context, A) (R, error), arg A) (R, error) {
	if err := h.before(ctx, method, arg); err != nil {
		var none R
		return none, err
	}
	return call(ctx, arg)
}

func (h *hooked) Get(ctx context.Context, arg engine.GetParams) (engine.GetRow, error) {
	return hook(ctx, h, "Get", h.Engine.Get, arg)
}

func (h *hooked) Lookup(ctx context.Context, arg engine.GetParams) (engine.GetRow, error) {
	return hook(ctx, h, "Lookup", h.Engine.Lookup, arg)
}

func (h *hooked) Revisions(ctx context.Context, arg engine.RevisionsParams) ([]engine.RevisionsRow, error) {
	return hook(ctx, h, "Revisions", h.Engine.Revisions, arg)
}

func (h *hooked) View(ctx context.Context, fn func(engine.Reader) error) error {
	if err := h.before(ctx, "View", nil); err != nil {
		return err
	}
	return h.Engine.View(ctx, fn)
}

func (h *hooked) Update(ctx context.Context, fn func(engine.Tx) error) error {
	if err := h.before(ctx, "Update", nil); err != nil {
		return err
	}
	return h.Engine.Update(ctx, fn)
}

func (h *hooked) Apply(ctx context.Context, fn func(engine.Tx) error) error {
	if err := h.before(ctx, "Apply", nil); err != nil {
		return err
	}
	return h.Engine.Apply(ctx, fn)
}

func (h *hooked) Count(ctx context.Context, arg engine.CountParams) (int64, error) {
	return hook(ctx, h, "Count", h.Engine.Count, arg)
}

func (h *hooked) GetAll(ctx context.Context, arg engine.GetAllParams) (map[string]string, error) {
	return hook(ctx, h, "GetAll", h.Engine.GetAll, arg)
}

func (h *hooked) Scan(ctx context.Context, arg engine.ScanParams) ([]engine.Row, error) {
	return hook(ctx, h, "Scan", h.Engine.Scan, arg)
}

func (h *hooked) Groups(ctx context.Context, arg engine.GroupsParams) ([]engine.GroupsRow, error) {
	return hook(ctx, h, "Groups", h.Engine.Groups, arg)
}

func (h *hooked) Set(ctx context.Context, arg engine.SetParams) error {
	if err := h.before(ctx, "Set", arg); err != nil {
		return err
	}
	return h.Engine.Set(ctx, arg)
}

func (h *hooked) Delete(ctx context.Context, arg engine.DeleteParams) (int64, error) {
	return hook(ctx, h, "Delete", h.Engine.Delete, arg)
}

func (h *hooked) DeleteExpired(ctx context.Context, arg engine.DeleteExpiredParams) (int64, error) {
	return hook(ctx, h, "DeleteExpired", h.Engine.DeleteExpired, arg)
}

func (h *hooked) DeleteGroup(ctx context.Context, grp string) (int64, error) {
	return hook(ctx, h, "DeleteGroup", h.Engine.DeleteGroup, grp)
}

func (h *hooked) PurgeExpired(ctx context.Context, arg engine.PurgeExpiredParams) (int64, error) {
	return hook(ctx, h, "PurgeExpired", h.Engine.PurgeExpired, arg)
}

func (h *hooked) Align(ctx context.Context, at func(), fn func(engine.Reader) error) error {
	if err := h.before(ctx, "Align", nil); err != nil {
		return err
	}
	return h.Engine.Align(ctx, at, fn)
}

func (h *hooked) Reclaim(ctx context.Context) error {
	if err := h.before(ctx, "Reclaim", nil); err != nil {
		return err
	}
	return h.Engine.Reclaim(ctx)
}

func (h *hooked) Compact(ctx context.Context) error {
	if err := h.before(ctx, "Compact", nil); err != nil {
		return err
	}
	return h.Engine.Compact(ctx)
}

// Close closes the engine even if before returns an error, since a store closes its engine
// only once.
func (h *hooked) Close() error {
	refused := h.before(context.Background(), "Close", nil)
	if err := h.Engine.Close(); err != nil {
		return err
	}
	return refused
}
