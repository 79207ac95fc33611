package main

import (
	"fmt"
	"io"
)

// guide tells the visitor what happens. It keeps the first error of its writer,
// so that the steps need not look after each line.
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

// say tells one thing: the call, and what came of it.
func (g *guide) say(call, format string, args ...any) {
	g.print("   %-38s %s\n", call, fmt.Sprintf(format, args...))
}

func (g *guide) print(format string, args ...any) {
	if g.err == nil {
		_, g.err = fmt.Fprintf(g.w, format, args...)
	}
}
