package valueflow

import (
	"go/types"
	"strings"
)

// IsScope tells whether t is a *scope.Scope.
func IsScope(t types.Type) bool { return isNamed(t, ScopePath, "Scope") }

// FieldPath is the path to a field of a struct, by its name.
func FieldPath(t types.Type, name string) (path string, ok bool) {
	if p, isPointer := t.Underlying().(*types.Pointer); isPointer {
		t = p.Elem()
	}
	st, isStruct := t.Underlying().(*types.Struct)
	if !isStruct {
		return "", false
	}
	for i := range st.NumFields() {
		if st.Field(i).Name() == name {
			return fieldStep(i), true
		}
	}
	return "", false
}

// AnyPart, as a path, stands for every part of a result whose type is a type
// parameter.
const AnyPart = ownColumn

// OrganizationParts are the parts of t that may be an organization: t itself
// if it is an id or a text, or the fields that are named after one.
func OrganizationParts(t types.Type) []string {
	if _, ok := types.Unalias(t).(*types.TypeParam); ok {
		return []string{AnyPart}
	}
	if isIdentifier(t) {
		return []string{""}
	}
	return organizationFields(t, 0)
}

func organizationFields(t types.Type, depth int) []string {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok || depth > 2 {
		return nil
	}
	var out []string
	for i := range st.NumFields() {
		f := st.Field(i)
		switch {
		case f.Embedded():
			for _, path := range organizationFields(f.Type(), depth+1) {
				out = append(out, fieldStep(i)+path)
			}
		case isIdentifier(f.Type()) && namesOrganization(f.Name()+st.Tag(i)):
			out = append(out, fieldStep(i))
		}
	}
	return out
}

// isIdentifier tells whether t is a UUID, a text, or a pointer to one.
func isIdentifier(t types.Type) bool {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if arr, ok := t.Underlying().(*types.Array); ok {
		b, ok := arr.Elem().Underlying().(*types.Basic)
		return ok && b.Kind() == types.Byte
	}
	return isString(t)
}

func namesOrganization(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"org", "tenant", "account", "workspace", "team", "company", "customer"} {
		if strings.Contains(name, word) {
			return true
		}
	}
	return false
}

// ReadsRequests tells whether a package has an exported function that takes a
// request and returns what may be an organization.
func ReadsRequests(pkg *types.Package) bool {
	scope := pkg.Scope()
	for _, name := range scope.Names() {
		switch obj := scope.Lookup(name).(type) {
		case *types.Func:
			if readsRequest(obj) {
				return true
			}
		case *types.TypeName:
			if named, ok := obj.Type().(*types.Named); ok && !obj.IsAlias() {
				for m := range named.Methods() {
					if readsRequest(m) {
						return true
					}
				}
			}
		}
	}
	return false
}

func readsRequest(fn *types.Func) bool {
	if !fn.Exported() {
		return false
	}
	sig := fn.Signature()
	takes := false
	for p := range sig.Params().Variables() {
		_, is := isRequest(p.Type())
		plain, _ := typeKeys(p.Type())
		takes = takes || is || sentMethods[plain] != nil || isNamed(p.Type(), "net/http", "Header", "Cookie")
	}
	if !takes {
		return false
	}
	for r := range sig.Results().Variables() {
		if len(OrganizationParts(r.Type())) > 0 {
			return true
		}
	}
	return false
}
