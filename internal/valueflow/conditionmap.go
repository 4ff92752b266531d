package valueflow

import (
	"slices"

	"golang.org/x/tools/go/ssa"
)

// squirrel and goqu have maps from columns to values: of conditions, and of what
// is written.

// conditionMap is a map of conditions or values that is made here, as squirrel
// and goqu have them; ok is false for any other map.
func (f *Flow) conditionMap(m *ssa.MakeMap) (s Set, ok bool) {
	if operator := squirrelOperator(m.Type()); operator != "" {
		return f.mapConditions(m, operator), true
	}
	name := goquName(m.Type())
	separator := map[string]string{"Ex": " AND ", "ExOr": " OR "}[name]
	if separator == "" && name != "Record" {
		return nil, false
	}
	var sets []Set
	for _, writes := range f.mapEntries(m) {
		if name == "Record" {
			sets = append(sets, f.record(writes, func(column Set) Set { return named("column", column) }))
			continue
		}
		var conditions []Set
		for _, w := range writes {
			conditions = append(conditions, f.entryCondition(w))
		}
		sets = append(sets, junction(asList(conditions), separator))
	}
	return union(sets...), true
}

// mapEntries is the entries that a map can have when it is used: all that are
// written, and those that are written on every path.
func (f *Flow) mapEntries(m *ssa.MakeMap) [][]*ssa.MapUpdate {
	all := f.mapWrites[m]
	certain := slices.DeleteFunc(slices.Clone(all), func(w *ssa.MapUpdate) bool {
		return slices.ContainsFunc(*m.Referrers(), func(r ssa.Instruction) bool {
			switch r.(type) {
			case *ssa.MapUpdate, *ssa.DebugRef:
				return false
			}
			return !f.dominates(w, r)
		})
	})
	if len(certain) == len(all) {
		return [][]*ssa.MapUpdate{all}
	}
	return [][]*ssa.MapUpdate{all, certain}
}

// mapConditions is a condition for each key of a map that is made here.
func (f *Flow) mapConditions(m *ssa.MakeMap, operator string) Set {
	var sets []Set
	for _, writes := range f.mapEntries(m) {
		var conditions []Set
		for _, w := range writes {
			key := f.component(query{}, w.Key, "", w)
			if test := nullTests[operator]; test != "" && isNil(w.Value) {
				conditions = append(conditions, spelled("% "+test, key))
				continue
			}
			conditions = append(conditions, spelled("% "+operator+" $%", key, one(f.squirrelValue(key, w.Value, w))))
		}
		sets = append(sets, junction(asList(conditions), " AND "))
	}
	return union(sets...)
}

// nullTests are what = and <> become of nil.
var nullTests = map[string]string{"=": "IS NULL", "<>": "IS NOT NULL"}

func isNil(v ssa.Value) bool {
	c, ok := unboxed(v).(*ssa.Const)
	return ok && c.IsNil()
}

// record is columns, as written says that they are spelled, and what is put into
// them.
func (f *Flow) record(writes []*ssa.MapUpdate, written func(column Set) Set) Set {
	var columns []Set
	var values []*Expr
	for _, w := range writes {
		column := f.component(query{}, w.Key, "", w)
		columns = append(columns, written(column))
		values = append(values, f.squirrelValue(column, w.Value, w))
	}
	return combine([]Set{asList(columns)}, func(p []*Expr) *Expr { return event(record, false, p[0], list(values...)) })
}
