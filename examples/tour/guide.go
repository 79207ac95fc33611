package main

import (
	"fmt"
	"io"
)

// guide prints what happens. It keeps the first error of its writer, so that the
// steps need not check each line.
type guide struct {
	w    io.Writer
	step int
	err  error
}

// title begins a step.
func (g *guide) title(text string) {
	if g.step > 0 {
		g.print("\n")
	}
	g.step++
	g.print("%d. %s\n", g.step, text)
}

// say prints one line: the call, and its outcome.
func (g *guide) say(call, format string, args ...any) {
	g.print("   %-38s %s\n", call, fmt.Sprintf(format, args...))
}

func (g *guide) print(format string, args ...any) {
	if g.err == nil {
		_, g.err = fmt.Fprintf(g.w, format, args...)
	}
}
