package web

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/sigrahq/sigra/runtime/query"
	orgs "github.com/sigrahq/sigra/runtime/store"
)

const (
	maxBody  = 1 << 20 // bytes
	maxPage  = 200     // rows
	pageSize = 50      // rows
)

// invalid is what is wrong with a request, in words for the client.
type invalid string

func (e invalid) Error() string { return string(e) }

// page is a part of a list. Next is absent on the last page; it goes into the parameter after of the next request.
type page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

func reply(w http.ResponseWriter, status int, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, err = w.Write(append(body, '\n'))
	return err
}

// PostgreSQL's names for what a client can cause.
const (
	foreignKeyViolation = "23503"
	uniqueViolation     = "23505"
	checkViolation      = "23514"
)

// fail turns an error into a response. What is not the client's doing is logged and not told.
func (s *server) fail(w http.ResponseWriter, r *http.Request, err error) {
	status, text := http.StatusInternalServerError, "something went wrong"
	switch bad, ok := errors.AsType[invalid](err); {
	case ok:
		status, text = http.StatusBadRequest, bad.Error()
	case statusOf(err) != 0:
		status, text = statusOf(err), strings.TrimPrefix(err.Error(), "store: ")
	case errors.Is(err, errForbidden):
		status, text = http.StatusForbidden, err.Error()
	case errors.Is(err, orgs.ErrNotFound), errors.Is(err, pgx.ErrNoRows): // so is query.ErrNotFound
		status, text = http.StatusNotFound, "there is no such thing here"
	case sqlState(err) == foreignKeyViolation:
		status, text = http.StatusNotFound, "the request names something that is not here"
	case sqlState(err) == uniqueViolation:
		status, text = http.StatusConflict, "there is one like it already"
	case sqlState(err) == checkViolation:
		status, text = http.StatusBadRequest, "a value is not allowed"
	default:
		s.log.ErrorContext(r.Context(), "request failed", "method", r.Method, "path", r.URL.Path, "error", err)
	}
	if err := reply(w, status, map[string]string{"error": text}); err != nil {
		s.log.WarnContext(r.Context(), "response not sent", "error", err)
	}
}

// sqlState is the code of an error of PostgreSQL's, or empty.
func sqlState(err error) string {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code
	}
	return ""
}

// body decodes the request; it knows the fields of T and no others.
func body[T any](r *http.Request) (T, error) {
	var v T
	dec := json.NewDecoder(r.Body)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&v); err != nil {
		return v, invalid("body: " + err.Error())
	}
	return v, nil
}

func pathID(r *http.Request, name string) (uuid.UUID, error) {
	id, err := uuid.Parse(r.PathValue(name))
	if err != nil {
		// Have: no row can have this id.
		return uuid.Nil, query.ErrNotFound
	}
	return id, nil
}

func limit(r *http.Request) (int, error) {
	text := r.URL.Query().Get("limit")
	if text == "" {
		return pageSize, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxPage {
		return 0, invalid(fmt.Sprintf("limit: a number from 1 to %d", maxPage))
	}
	return n, nil
}

func date(r *http.Request, name string) (time.Time, error) {
	day, err := time.Parse(time.DateOnly, r.URL.Query().Get(name))
	if err != nil {
		return day, invalid(name + ": a day, as in 2006-01-02")
	}
	return day, nil
}

// after reads the mark that the page before gave out as next.
func after[M any](r *http.Request) (*M, error) {
	text := r.URL.Query().Get("after")
	if text == "" {
		return nil, nil
	}
	var mark M
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(raw, &mark)
	}
	if err != nil {
		return nil, invalid("after: not a mark that a list gave out")
	}
	return &mark, nil
}

// paged makes a page of limit items out of up to one more; mark tells where in the list an item stands.
func paged[T, M any](items []T, limit int, mark func(T) M) (page[T], error) {
	if len(items) <= limit {
		return page[T]{Items: items}, nil
	}
	raw, err := json.Marshal(mark(items[limit-1]))
	if err != nil {
		return page[T]{}, err
	}
	return page[T]{Items: items[:limit], Next: base64.RawURLEncoding.EncodeToString(raw)}, nil
}
