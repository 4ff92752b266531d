package valueflow

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// sent is a value that goes into a channel.
type sent struct {
	val ssa.Value
	at  ssa.Instruction
}

func (f *Flow) indexSends(instr ssa.Instruction) {
	note := func(ch, val ssa.Value) {
		for _, made := range f.channels(ch, map[ssa.Value]bool{}) {
			f.sends[made] = append(f.sends[made], sent{val, instr})
		}
	}
	switch instr := instr.(type) {
	case *ssa.Send:
		note(instr.Chan, instr.X)
	case *ssa.Select:
		for _, s := range instr.States {
			if s.Dir == types.SendOnly {
				note(s.Chan, s.Send)
			}
		}
	}
}

// received is what is sent on the channels that ch can be, within the package.
func (f *Flow) received(q query, ch ssa.Value, path string) Set {
	var sets []Set
	for _, made := range f.channels(ch, map[ssa.Value]bool{}) {
		if made == nil {
			return one(hole("it is received from a channel", ch.Pos()))
		}
		for _, s := range f.sends[made] {
			sets = append(sets, f.closed(f.component(q, s.val, path, s.at)))
		}
	}
	if sets == nil {
		return one(hole("it is received from a channel", ch.Pos()))
	}
	return union(sets...)
}

// channels finds where a channel is made; nil stands for one from elsewhere.
func (f *Flow) channels(v ssa.Value, seen map[ssa.Value]bool) []ssa.Value {
	if seen[v] {
		return nil
	}
	seen[v] = true
	var out []ssa.Value
	switch v := v.(type) {
	case *ssa.MakeChan:
		return []ssa.Value{v}
	case *ssa.ChangeType:
		return f.channels(v.X, seen)
	case *ssa.Phi:
		for _, e := range v.Edges {
			out = append(out, f.channels(e, seen)...)
		}
		return out
	case *ssa.FreeVar:
		if b := binding(v); b != nil {
			return f.channels(b, seen)
		}
	case *ssa.Parameter:
		fn := v.Parent()
		sites, complete := f.Callers(fn)
		i := slices.Index(fn.Params, v)
		if complete && i >= 0 {
			for _, s := range sites {
				if i < len(s.Args) {
					out = append(out, f.channels(s.Args[i], seen)...)
				}
			}
			return out
		}
	case *ssa.UnOp:
		var stores []write
		switch a := v.X.(type) {
		case *ssa.Global:
			stores = f.globalStores[a]
		case *ssa.FieldAddr:
			stores = f.storesOf(lastField(a))
		case *ssa.Alloc:
			for _, s := range storesTo(a) {
				stores = append(stores, write{store: s})
			}
		case *ssa.FreeVar:
			if b, ok := binding(a).(*ssa.Alloc); ok {
				for _, s := range storesTo(b) {
					stores = append(stores, write{store: s})
				}
			}
		}
		if len(stores) > 0 {
			for _, w := range stores {
				out = append(out, f.channels(w.store.Val, seen)...)
			}
			return out
		}
	}
	return []ssa.Value{nil}
}
