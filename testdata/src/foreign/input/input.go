// Package input reads requests for others.
package input

import (
	"encoding/json"
	"net/http"

	"github.com/google/uuid"
)

type Filter struct {
	OrgID uuid.UUID
	Title string
}

// Org is what the client says its organization is.
func Org(r *http.Request) (uuid.UUID, error) { return uuid.Parse(r.PathValue("org")) }

// ParseFilter reads a filter.
func ParseFilter(r *http.Request) Filter {
	return Filter{OrgID: uuid.MustParse(r.FormValue("org")), Title: r.FormValue("title")}
}

// Decode reads a body.
func Decode[T any](r *http.Request) (T, error) {
	var v T
	err := json.NewDecoder(r.Body).Decode(&v)
	return v, err
}
