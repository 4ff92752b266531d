package valueflow

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// What a client sends, by the names that the standard library and the common
// frameworks give to it. Whatever middleware puts beside a request (values of
// a context, gin's Get, fiber's Locals) is not from the client.

// requests are the types whose contents a client chooses: fields and methods
// alike, but for those that are listed as the server's own.
var requests = map[string][]string{
	"net/http.Request": {"Context", "Method", "Pattern", "TLS", "Proto", "WithContext", "Clone", "SetPathValue"},
	"connectrpc.com/connect.Request": {
		"Peer", "Spec", "HTTPMethod",
	},
	"connectrpc.com/connect.AnyRequest": {"Peer", "Spec", "HTTPMethod"},
	"github.com/aws/aws-lambda-go/events.APIGatewayProxyRequest": {
		"RequestContext", "Resource", "HTTPMethod", "StageVariables",
	},
	"github.com/aws/aws-lambda-go/events.APIGatewayV2HTTPRequest": {"RequestContext", "RouteKey", "StageVariables"},
	"github.com/julienschmidt/httprouter.Params":                  nil,
	"github.com/valyala/fasthttp.RequestCtx":                      {"UserValue", "Value", "ID", "Time"},
	"github.com/gin-gonic/gin.Params":                             nil,
	"github.com/go-chi/chi/v5.RouteParams":                        nil,
	"github.com/gorilla/websocket.Conn":                           {"Subprotocol"},
	"github.com/coder/websocket.Conn":                             {"Subprotocol"},
	"github.com/go-chi/chi/v5.Context":                            {"RoutePattern", "Routes"},
	"github.com/cloudwego/hertz/pkg/app.RequestContext":           {"Get", "MustGet", "GetString", "Value", "Set"},
	"github.com/uptrace/bunrouter.Request":                        {"Context"},
	"google.golang.org/grpc.ServerStream":                         {"Context", "SetHeader", "SendHeader", "SetTrailer"},
}

// sentMethods are functions, and methods of types that hold more than a
// request, whose results a client chooses.
var sentMethods = map[string][]string{
	"github.com/gin-gonic/gin.Context": {
		"Param", "Query", "DefaultQuery", "GetQuery", "QueryArray", "GetQueryArray", "QueryMap", "GetQueryMap",
		"PostForm", "DefaultPostForm", "GetPostForm", "PostFormArray", "GetPostFormArray", "PostFormMap", "GetPostFormMap",
		"GetHeader", "Cookie", "GetRawData", "MultipartForm", "FormFile",
	},
	"github.com/labstack/echo.Context": {
		"Param", "ParamValues", "QueryParam", "QueryParamOr", "QueryParams", "QueryString", "FormValue", "FormValueOr", "FormParams",
		"FormValues", "FormFile", "MultipartForm", "Cookie", "Cookies", "PathValues", "PathParam", "PathParamOr",
	},
	"github.com/gofiber/fiber.Ctx": {
		"Params", "ParamsInt", "AllParams", "Query", "QueryInt", "QueryBool", "QueryFloat", "Queries", "FormValue", "FormFile",
		"MultipartForm", "Get", "GetReqHeaders", "Cookies", "Body", "BodyRaw", "Path", "OriginalURL", "Request",
	},
	"github.com/go-chi/chi":           {"URLParam", "URLParamFromCtx", "RouteContext"},
	"github.com/gorilla/mux":          {"Vars"},
	"github.com/gofiber/fiber":        {"Params", "Query"},
	"google.golang.org/grpc/metadata": {"FromIncomingContext", "ValueFromIncomingContext"},
	"github.com/julienschmidt/httprouter": {
		"ParamsFromContext",
	},
	"github.com/dimfeld/httptreemux": {"ContextParams", "ContextData"},
	"github.com/uptrace/bunrouter":   {"ParamsFromContext"},
}

// requestFillers fill the value that they get a pointer to from the request.
var requestFillers = map[string][]string{
	"github.com/gin-gonic/gin.Context":         {"Bind", "ShouldBind", "MustBind"},
	"github.com/gin-gonic/gin/binding.Binding": {"Bind"},
	"github.com/labstack/echo.Context":         {"Bind"},
	"github.com/labstack/echo.DefaultBinder":   {"Bind"},
	"github.com/labstack/echo.Binder":          {"Bind"},
	"github.com/gofiber/fiber.Ctx":             {"BodyParser", "QueryParser", "ParamsParser", "ReqHeaderParser", "CookieParser"},
	"github.com/gofiber/fiber.Bind": {
		"Body", "JSON", "XML", "CBOR", "Form", "MultipartForm", "Query", "URI", "Header", "Cookie", "All", "RespHeader", "Custom", "MsgPack",
	},
	"github.com/go-chi/render":            {"Bind", "Decode", "DecodeJSON", "DecodeXML", "DecodeForm"},
	"github.com/gorilla/websocket.Conn":   {"ReadJSON"},
	"github.com/coder/websocket/wsjson":   {"Read"},
	"nhooyr.io/websocket/wsjson":          {"Read"},
	"google.golang.org/grpc.ServerStream": {"RecvMsg"},
}

// fillers fill one of their arguments from another, by "path.Type.Name"; the
// number is that of the source, the receiver being 0.
var fillers = map[string]int{
	"encoding/json.Unmarshal": 0, "encoding/json.Decoder.Decode": 0,
	"encoding/json/v2.Unmarshal": 0, "encoding/json/v2.UnmarshalRead": 0, "encoding/json/v2.UnmarshalDecode": 0,
	"encoding/xml.Unmarshal": 0, "encoding/xml.Decoder.Decode": 0,
	"encoding/gob.Decoder.Decode": 0,
	"encoding/binary.Read":        0,
	"bytes.Buffer.ReadFrom":       1,
	"io.Copy":                     1,
	"fmt.Sscan":                   0, "fmt.Sscanf": 0, "fmt.Sscanln": 0,
	"fmt.Fscan": 0, "fmt.Fscanf": 0, "fmt.Fscanln": 0,
	"github.com/google/uuid.UUID.UnmarshalText": 1, "github.com/google/uuid.UUID.Scan": 1, "github.com/google/uuid.UUID.UnmarshalBinary": 1,
	"github.com/google/uuid.NullUUID.Scan":                    1,
	"github.com/gofrs/uuid.UUID.UnmarshalText":                1,
	"github.com/gofrs/uuid.UUID.Parse":                        1,
	"github.com/gorilla/schema.Decoder.Decode":                2,
	"github.com/go-playground/form.Decoder.Decode":            2,
	"github.com/mitchellh/mapstructure.Decode":                0,
	"github.com/go-viper/mapstructure.Decode":                 0,
	"github.com/goccy/go-json.Unmarshal":                      0,
	"github.com/goccy/go-json.Decoder.Decode":                 0,
	"github.com/json-iterator/go.API.Unmarshal":               0,
	"github.com/json-iterator/go.Unmarshal":                   0,
	"github.com/json-iterator/go.Decoder.Decode":              0,
	"github.com/bytedance/sonic.Unmarshal":                    0,
	"github.com/bytedance/sonic.UnmarshalString":              0,
	"gopkg.in/yaml.Unmarshal":                                 0,
	"gopkg.in/yaml.Decoder.Decode":                            0,
	"google.golang.org/protobuf/proto.Unmarshal":              0,
	"github.com/jackc/pgx/pgtype.UUID.Scan":                   1,
	"github.com/vmihailenco/msgpack.Unmarshal":                0,
	"github.com/fxamacker/cbor.Unmarshal":                     0,
	"google.golang.org/protobuf/encoding/protojson.Unmarshal": 0,
}

// conveyors are packages whose functions return what they are given in
// another form.
var conveyors = []string{
	"bufio", "bytes", "cmp", "encoding", "errors", "fmt", "html", "io", "maps", "mime", "net/mail", "net/textproto", "net/url",
	"path", "regexp", "slices", "sort", "strconv", "strings", "text", "time", "unicode",
	"github.com/google/uuid", "github.com/gofrs/uuid", "github.com/satori/go.uuid", "github.com/oklog/ulid", "github.com/rs/xid",
	"github.com/segmentio/ksuid", "github.com/jackc/pgx/v5/pgtype", "github.com/jackc/pgtype", "github.com/goccy/go-json",
	"github.com/json-iterator/go", "github.com/bytedance/sonic", "gopkg.in/yaml.v3", "github.com/tidwall/gjson",
	"google.golang.org/grpc/metadata", "github.com/samber/lo", "github.com/spf13/cast", "go.jetify.com/typeid",
}

// passesOn tells whether what a function returns comes from its arguments.
func passesOn(pkg string, fn *types.Func) bool {
	if pkg == "net/http" {
		recv := fn.Signature().Recv()
		return recv != nil && isNamed(recv.Type(), pkg, "Header", "Cookie", "MaxBytesReader") || fn.Name() == "MaxBytesReader"
	}
	return slices.ContainsFunc(conveyors, func(c string) bool {
		rest, ok := strings.CutPrefix(pkg, c)
		return ok && (rest == "" || rest[0] == '/')
	})
}

// typeKeys are "import/path.Type" without a version in the path, and with it.
func typeKeys(t types.Type) (plain, exact string) {
	n, _ := namedType(t)
	if n == nil || n.Obj().Pkg() == nil {
		return "", ""
	}
	path := unvendored(n.Obj().Pkg().Path())
	return unversioned(path) + "." + n.Obj().Name(), path + "." + n.Obj().Name()
}

// unversioned takes a major version off an import path.
func unversioned(path string) string {
	i := strings.LastIndex(path, "/v")
	if i < 0 {
		return path
	}
	rest := path[i+2:]
	end := strings.IndexFunc(rest, func(r rune) bool { return r < '0' || r > '9' })
	switch {
	case end == 0 || rest == "":
		return path
	case end < 0:
		return path[:i]
	case rest[end] == '/':
		return path[:i] + rest[end:]
	}
	return path
}

// isRequest tells whether all that a value of type t holds was sent by a
// client, and what of it was not.
func isRequest(t types.Type) (own []string, ok bool) {
	plain, exact := typeKeys(t)
	if plain == "" {
		return nil, false
	}
	if own, ok = requests[exact]; !ok {
		own, ok = requests[plain]
	}
	return own, ok
}

// sentWith tells whether a function returns a part of a request, and which.
func sentWith(fn *types.Func) (what string, ok bool) {
	recv := fn.Signature().Recv()
	if recv == nil {
		names := sentMethods[unversioned(unvendored(fn.Pkg().Path()))]
		return fn.Pkg().Name() + "." + fn.Name(), slices.Contains(names, fn.Name())
	}
	if own, ok := isRequest(recv.Type()); ok {
		return qualified(fn), !slices.Contains(own, fn.Name())
	}
	plain, _ := typeKeys(recv.Type())
	return qualified(fn), slices.Contains(sentMethods[plain], fn.Name())
}

// fillsFromRequest tells whether a function fills its argument from a request.
func fillsFromRequest(fn *types.Func) (what string, ok bool) {
	key := unversioned(unvendored(fn.Pkg().Path()))
	if recv := fn.Signature().Recv(); recv != nil {
		key, _ = typeKeys(recv.Type())
	}
	for _, name := range requestFillers[key] {
		if fn.Name() == name || (name == "Bind" || name == "ShouldBind" || name == "MustBind") && strings.HasPrefix(fn.Name(), name) {
			return qualified(fn), true
		}
	}
	return "", false
}

// fillsFrom tells which argument a function fills the others from.
func fillsFrom(fn *types.Func) (from int, ok bool) {
	path := unvendored(fn.Pkg().Path())
	name := fn.Name()
	if recv := fn.Signature().Recv(); recv != nil {
		n, _ := namedType(recv.Type())
		if n == nil {
			return 0, false
		}
		name = n.Obj().Name() + "." + name
	}
	if from, ok = fillers[path+"."+name]; !ok {
		from, ok = fillers[strings.TrimSuffix(unversioned(path), ".v3")+"."+name]
	}
	return from, ok
}

// requestOrigin recognises a value that is a request, or a part of one.
func (f *Flow) requestOrigin(v ssa.Value) *Expr {
	switch v := v.(type) {
	case *ssa.FieldAddr:
		return partOfRequest(v.X, v.Field)
	case *ssa.Field:
		return partOfRequest(v.X, v.Field)
	case *ssa.UnOp:
		// A field of a field is a part as well.
		for addr := v.X; ; {
			fa, ok := addr.(*ssa.FieldAddr)
			if !ok {
				break
			}
			if e := partOfRequest(fa.X, fa.Field); e != nil {
				return e
			}
			addr = fa.X
		}
	}
	if _, ok := isRequest(v.Type()); ok && !made(v) {
		return origin(Request, "the request")
	}
	return nil
}

func partOfRequest(x ssa.Value, field int) *Expr {
	own, ok := isRequest(x.Type())
	if !ok || made(x) {
		return nil
	}
	name := structField(x.Type(), field)
	if name == nil || slices.Contains(own, name.Name()) {
		return nil
	}
	n, _ := namedType(x.Type())
	return origin(Request, n.Obj().Name()+"."+name.Name())
}

// made tells whether a request is one that the program itself makes, to send
// it elsewhere.
func made(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Alloc:
		return true
	case *ssa.Extract:
		call, ok := v.Tuple.(*ssa.Call)
		return ok && made(call)
	case *ssa.Call:
		callee := v.Call.StaticCallee()
		return callee != nil && strings.HasPrefix(callee.Name(), "NewRequest")
	}
	return false
}

// isMessage tells whether a parameter is the request of a remote call: a
// protobuf message that an exported method gets after a context.
func isMessage(p *ssa.Parameter) bool {
	fn := p.Parent()
	obj, ok := fn.Object().(*types.Func)
	if !ok || obj.Signature().Recv() == nil || !obj.Exported() || len(fn.Params) < 2 || len(fn.Params) > 3 || fn.Params[len(fn.Params)-1] != p {
		return false
	}
	n, pointer := namedType(p.Type())
	if n == nil || !pointer {
		return false
	}
	for _, name := range []string{"ProtoReflect", "ProtoMessage"} {
		if m, _, _ := types.LookupFieldOrMethod(p.Type(), false, nil, name); m != nil {
			return true
		}
	}
	return false
}
