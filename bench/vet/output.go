package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
)

// output is rows of one type, as a table for people or as JSON lines.
type output struct {
	lines *json.Encoder // nil for a table
	table *tabwriter.Writer
}

type row interface{ cells() string } // each with a tab behind it

func newOutput(w io.Writer, asJSON bool, header string) *output {
	if asJSON {
		return &output{lines: json.NewEncoder(w)}
	}
	o := &output{table: tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)}
	fmt.Fprintln(o.table, header)
	return o
}

func (o *output) add(r row) error {
	if o.lines != nil {
		return o.lines.Encode(r)
	}
	_, err := fmt.Fprintln(o.table, r.cells())
	return err
}

// flush shows what was added so far.
func (o *output) flush() error {
	if o.lines != nil {
		return nil
	}
	return o.table.Flush()
}
