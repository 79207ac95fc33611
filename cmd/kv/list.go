package main

import (
	"bufio"
	"fmt"
	"io"
	"iter"

	"github.com/jedib0t/go-pretty/v6/table"
	"github.com/jedib0t/go-pretty/v6/text"
	"github.com/spf13/cobra"
)

// listing defines how a sequence of T is written, as a table or as JSON.
type listing[T any] struct {
	header []any
	row    func(T) []any
	object func(T) any
}

func jsonFlag(cmd *cobra.Command, asJSON *bool) {
	cmd.Flags().BoolVar(asJSON, "json", false, "print JSON, for programs")
}

func (l listing[T]) write(w io.Writer, asJSON bool, items iter.Seq2[T, error]) error {
	if asJSON {
		return l.writeJSON(w, items)
	}
	return l.writeTable(w, items)
}

// writeTable writes nothing if items ends with an error: the widths of the columns
// are known only when all rows are known.
func (l listing[T]) writeTable(w io.Writer, items iter.Seq2[T, error]) error {
	t := table.NewWriter()
	t.SetStyle(plainStyle())
	t.SuppressTrailingSpaces()
	if l.header != nil {
		t.AppendHeader(l.header)
	}
	for item, err := range items {
		if err != nil {
			return err
		}
		t.AppendRow(l.row(item))
	}
	_, err := fmt.Fprintln(w, t.Render())
	return err
}

// plainStyle has neither lines nor colours, so that the output suits grep too.
func plainStyle() table.Style {
	style := table.StyleDefault
	style.Box.PaddingLeft, style.Box.PaddingRight = "", "  "
	style.Format.Header = text.FormatDefault
	style.Options = table.OptionsNoBordersAndSeparators
	return style
}

// writeJSON writes an array, one item a line, as the items come, so that a long
// listing takes no memory. If it fails half way, the array is not closed.
func (l listing[T]) writeJSON(w io.Writer, items iter.Seq2[T, error]) error {
	b := bufio.NewWriter(w)
	before := "[\n  "
	for item, err := range items {
		if err != nil {
			return err
		}
		line, err := encodeJSON(l.object(item))
		if err != nil {
			return err
		}
		// A bufio.Writer keeps its first error, and Flush returns it.
		_, _ = b.WriteString(before)
		_, _ = b.Write(line)
		before = ",\n  "
	}
	end := "\n]\n"
	if before == "[\n  " {
		end = "[]\n"
	}
	_, _ = b.WriteString(end)
	return b.Flush()
}
