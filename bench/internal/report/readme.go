package report

import (
	"bytes"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"forge.lthn.ai/core/go-store/bench/internal/contender"
	"forge.lthn.ai/core/go-store/bench/internal/workload"
)

//go:embed readme.tmpl
var readmeText string

var readme = template.Must(template.New("readme").Funcs(template.FuncMap{
	"row":       row,
	"rule":      rule,
	"names":     names,
	"thousands": workload.Thousands,
}).Parse(readmeText))

// section is a part of the README: its workloads and their figures.
type section struct {
	Name      workload.Section
	Workloads []workload.Workload
	Table     Table
}

// Write draws the plots and writes the README, both under dir.
func Write(dir string, r *Results) error {
	figures, err := r.draw(filepath.Join(dir, "plots"))
	if err != nil {
		return err
	}
	scale := workload.ParseScale(r.Fact)
	all := workload.All(scale)
	data := struct {
		*Results
		Figures    []Figure
		Targets    []TargetRow
		Contenders []contender.Contender
		Sections   []section
		Own        Table
		Scale      workload.Scale
	}{
		Results: r, Figures: figures, Targets: r.targets(), Contenders: r.took(all),
		Own:   r.table(contender.Own, only(all, func(w workload.Workload) bool { return w.Writes })),
		Scale: scale,
	}
	for _, name := range workload.Sections() {
		of := only(all, func(w workload.Workload) bool { return w.Section == name })
		if table := r.table(contender.Synced, of); len(table.Rows) > 0 {
			data.Sections = append(data.Sections, section{name, of, table})
		}
	}
	var text bytes.Buffer
	if err := readme.Execute(&text, data); err != nil {
		return fmt.Errorf("readme: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "README.md"), text.Bytes(), 0o644); err != nil {
		return fmt.Errorf("readme: %w", err)
	}
	return nil
}

// took returns the contenders that took part: those with any figure.
func (r *Results) took(all []workload.Workload) []contender.Contender {
	var some []contender.Contender
	for _, c := range contender.All() {
		if r.any(contender.Synced, all, c) || r.any(contender.Own, all, c) {
			some = append(some, c)
		}
	}
	return some
}

func only(all []workload.Workload, keep func(workload.Workload) bool) []workload.Workload {
	var kept []workload.Workload
	for _, w := range all {
		if keep(w) {
			kept = append(kept, w)
		}
	}
	return kept
}

// row returns a line of a Markdown table.
func row(first string, rest []string) string {
	return "| " + first + " | " + strings.Join(rest, " | ") + " |"
}

// rule returns the line under a table's head, for n columns of figures after the first.
func rule(n int) string { return "| --- |" + strings.Repeat(" ---: |", n) }

// names returns the heads of a table's columns.
func names(columns []contender.Contender) []string {
	var all []string
	for _, c := range columns {
		all = append(all, c.Title)
	}
	return all
}
