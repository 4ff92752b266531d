package main

import (
	"fmt"
	"io"
	"os"
)

// progress tells a person at a terminal what is going on; into a file or a
// pipe it writes nothing.
type progress struct {
	w     io.Writer
	shown bool
}

func newProgress(w io.Writer) *progress {
	f, ok := w.(*os.File)
	if !ok {
		return &progress{}
	}
	if fi, err := f.Stat(); err != nil || fi.Mode()&os.ModeCharDevice == 0 {
		return &progress{}
	}
	return &progress{w: w}
}

func (p *progress) say(s string) {
	if p.w == nil {
		return
	}
	p.clear()
	fmt.Fprintf(p.w, "sigravet: %s…", s)
	p.shown = true
}

func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}
