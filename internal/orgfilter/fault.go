package orgfilter

import (
	"fmt"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// failed is the refusal for a fault of the filter, which must neither take the
// application down nor let the statement through.
func failed(reason string, cause error) *Error {
	return &Error{Problem: Failed, Offset: -1, Reason: reason, Cause: cause}
}

// fault is a panic. Its text tells of the filter and of the statement's text, and
// not of arguments: the filter has none.
type fault struct {
	value any
	place string // where it began, as file:line
}

// caught makes a fault of what recover returned, while the deferred function that
// called it still runs.
func caught(value any) *fault { return &fault{value, panicked()} }

func (f *fault) Error() string { return fmt.Sprintf("%v (%s)", f.value, f.place) }

// Unwrap returns what was passed to panic, when that is an error.
func (f *fault) Unwrap() error {
	err, _ := f.value.(error)
	return err
}

// panicked is where a panic began that is being recovered. The stack is still the
// one on which it began: the deferred function runs on top of it, and in between
// are functions of the runtime.
func panicked() string {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(0, pcs[:])])
	panicking := false
	for more := true; more; {
		var frame runtime.Frame
		frame, more = frames.Next()
		if !strings.HasPrefix(frame.Function, "runtime.") {
			if panicking {
				return filepath.Base(frame.File) + ":" + strconv.Itoa(frame.Line)
			}
			continue
		}
		panicking = panicking || frame.Function == "runtime.gopanic"
	}
	return "place unknown"
}
