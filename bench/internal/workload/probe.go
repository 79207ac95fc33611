package workload

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"time"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/fixture"
	"forge.lthn.ai/core/go-store/bench/internal/measure"
)

// probeTime bounds the reads that bring a contender's memory to its final size.
const probeTime = 3 * time.Second

// ProbeRequest names the contender whose memory to measure, and its files.
type ProbeRequest struct {
	Contender string
	Dir       string
	Keys      int
	ValueSize int
}

// Memory is the memory of a process, in bytes.
type Memory struct {
	Heap int64 // of the Go runtime
	Anon int64 // resident, not backed by a file
	File int64 // resident, backed by mapped files
}

// ProbeFlag is the flag that runs this program as a probe.
const ProbeFlag = "probe"

// ProbeInChild measures in a process of its own, because in this one a contender's memory cannot be told from that of the
// contenders before it. The process is this program, started with ProbeFlag.
func ProbeInChild(ctx context.Context, request ProbeRequest) (Memory, error) {
	self, err := os.Executable()
	if err != nil {
		return Memory{}, fmt.Errorf("probe: %w", err)
	}
	asked, err := json.Marshal(request)
	if err != nil {
		return Memory{}, fmt.Errorf("probe: %w", err)
	}
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, self, "-"+ProbeFlag, string(asked))
	cmd.Stderr = &stderr
	answer, err := cmd.Output()
	if err != nil {
		return Memory{}, fmt.Errorf("probe of %s: %w: %s", request.Contender, err, bytes.TrimSpace(stderr.Bytes()))
	}
	var memory Memory
	if err := json.Unmarshal(answer, &memory); err != nil {
		return Memory{}, fmt.Errorf("probe of %s: %w", request.Contender, err)
	}
	return memory, nil
}

// AnswerProbe measures in the child process and returns the text to print.
func AnswerProbe(ctx context.Context, asked string) ([]byte, error) {
	var request ProbeRequest
	if err := json.Unmarshal([]byte(asked), &request); err != nil {
		return nil, fmt.Errorf("probe: %w", err)
	}
	memory, err := Probe(ctx, request)
	if err != nil {
		return nil, err
	}
	return json.Marshal(memory)
}

// Probe measures in this process how much memory a contender takes.
func Probe(ctx context.Context, request ProbeRequest) (grown Memory, err error) {
	c, err := contender.Find(request.Contender)
	if err != nil {
		return Memory{}, err
	}
	keys := measure.NewKeys(request.Keys)
	values := measure.NewValues(request.ValueSize)
	before, err := taken()
	if err != nil {
		return Memory{}, err
	}
	store, err := c.Open(request.Dir, contender.Config{Durability: contender.Synced})
	if err != nil {
		return Memory{}, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	if c.Volatile {
		if err := fixture.Fill(store, values.Pairs(keys)); err != nil {
			return Memory{}, err
		}
	}
	picker := measure.NewPicker(keys, 0)
	began := time.Now()
	for range request.Keys {
		if time.Since(began) > probeTime || ctx.Err() != nil {
			break
		}
		if _, err := store.Get(fixture.Group, picker.Key()); err != nil {
			return Memory{}, fmt.Errorf("probe: %w", err)
		}
	}
	after, err := taken()
	if err != nil {
		return Memory{}, err
	}
	runtime.KeepAlive(keys)
	runtime.KeepAlive(values)
	return Memory{
		Heap: max(after.Heap-before.Heap, 0),
		Anon: max(after.Anon-before.Anon, 0),
		File: max(after.File-before.File, 0),
	}, ctx.Err()
}

// taken returns the memory of this process after a garbage collection.
func taken() (Memory, error) {
	debug.FreeOSMemory()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	anon, file, err := resident()
	return Memory{Heap: int64(stats.HeapAlloc), Anon: anon, File: file}, err
}
