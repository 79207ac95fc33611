package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"forge.lthn.ai/core/go-store/store"
)

type job struct{ Task, Worker string }

// claim assigns a free job to a worker and returns its key, or "" if no job is free.
func claim(ctx context.Context, jobs store.Group[job], worker string) (string, error) {
	for e, err := range jobs.All(ctx) {
		switch {
		case err != nil:
			return "", err
		case e.Value.Worker != "":
			continue
		}
		e.Value.Worker = worker
		_, err := jobs.CompareAndSwap(ctx, e.Key, e.Revision, e.Value)
		if errors.Is(err, store.ErrConflict) {
			continue // another worker was faster
		}
		return e.Key, err
	}
	return "", nil
}

// Workers claim jobs. Each job is claimed once, however many workers try.
func Example_jobs() {
	s := newMemory()
	defer s.Close()

	ctx := context.Background()
	jobs := store.NewGroup[job](s, "jobs")
	must(jobs.SetMany(ctx, map[string]job{"1": {Task: "mail"}, "2": {Task: "report"}}))

	var workers sync.WaitGroup
	for i := range 8 {
		workers.Go(func() {
			if _, err := claim(ctx, jobs, fmt.Sprint("worker ", i)); err != nil {
				fmt.Println(err)
			}
		})
	}
	workers.Wait()
	for e, err := range jobs.All(ctx) {
		fmt.Println(e.Value.Task, e.Value.Worker != "", err)
	}
	fmt.Println(claim(ctx, jobs, "too late"))
	// Output:
	// mail true <nil>
	// report true <nil>
	//  <nil>
}
