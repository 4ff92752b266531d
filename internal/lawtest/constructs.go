package lawtest

// constructs are what statements can be made of, by the names under which a
// report counts them.
var constructs = []string{
	"*", "< some", "<> all", "= any", "> all", "adjacent strings", "aggregate", "aggregate filter", "aggregate of rows",
	"alias named like another table", "aliased join", "any of an array", "array of a subquery", "array slice", "array subscript",
	"at time zone", "between", "bit string", "bracketed arm", "bracketed join", "brackets", "case", "case in a condition",
	"cast of a column", "collate", "collation for", "column aliases", "column aliases on a table", "column as a function",
	"column determined by the grouped key", "comma", "comment", "comparison of collated texts", "condition on the organization",
	"condition that fails elsewhere", "conflict target with more than columns", "containment operator", "correlated",
	"count of a row", "cross join", "cte named like a table", "cte reference", "cube", "cycle", "data-modifying cte",
	"default in values", "delete", "delete using", "derived table", "distinct", "distinct on", "division by a column", "except",
	"except all", "exists", "exists values", "extract", "fetch", "field of a row", "for key share", "for no key update",
	"for share", "for update", "for … of", "full join", "function named like a column", "generate_series",
	"generate_series of a column", "go-sqlbuilder", "group by", "group by a position", "group by distinct", "grouping", "grouping sets", "having",
	"having without group by", "in", "in list", "inner join", "insert", "insert default values", "insert from a series", "insert of any query",
	"insert ordered values", "insert select", "insert union", "insert values", "insert values in brackets", "insert with",
	"insert with the organization", "insert with values", "insert without the organization", "intersect", "intersect all",
	"interval", "is distinct from", "is document", "is normalized", "is not false", "is not true", "is null", "is true",
	"is unknown", "join", "json in an expression", "json operator", "json path operator", "json question mark", "json_agg",
	"json_object_agg", "jsonb function", "lateral", "left join", "like", "like any", "limit", "limit of a subquery", "materialized",
	"name.*", "named window", "natural join", "natural join of nothing", "nested join without brackets", "nested set operation", "normalize", "not",
	"not exists", "not in", "odd spelling", "offset", "on conflict do nothing", "on conflict do update", "on conflict where",
	"on conflict with a key of all organizations", "only", "operator symbols", "or", "order by", "order by an expression",
	"ordered aggregate", "ordered-set aggregate", "organization from a column", "organization from a literal",
	"organization from a parameter", "organization from default", "organization from nil", "organization from null",
	"organization from the zero id", "overlaps", "overriding", "parameter", "parameter compared", "qualified operator",
	"query in brackets", "quoted names", "record function", "recursive cte", "returning", "returning *", "right join", "rollup",
	"row compared as a whole", "row comparison", "row equals a subquery", "row in a subquery", "row in list", "row is null",
	"rows from", "rows from with a column definition", "scalar subquery", "scalar subquery by key", "scalar subquery with limit",
	"schema-qualified", "schema-qualified column", "search", "select without from", "set an element", "set several",
	"set several to a subquery", "set to a subquery", "set to default", "set to the same organization", "several locks",
	"shared table", "special call syntax", "string function in from", "string literal", "subquery in an aggregate", "substring",
	"system column", "table *", "tablesample", "target *", "target named like a cte", "target with an alias", "trim",
	"type with a modifier", "unicode escapes", "union", "union all", "union distinct", "unnest of several arrays",
	"unnest with ordinality", "update", "update from", "update from by key", "using", "using as", "value function", "values",
	"values in a condition", "values in a set operation", "values in from", "view", "whole row", "window", "window frame", "window without an order", "with",
	"with in a subquery", "with recursive", "with ties", "write without where", "xmlagg", "xmlelement", "xmlexists", "xmlforest",
	"xmlpi and xmlroot", "xmlserialize", "xmltable",
}

// newer are those that an older server does not know, with the version that does.
var newer = map[string]int{
	"merge": 15, "merge deletes": 15, "merge does nothing": 15, "merge inserts": 15, "merge of a join": 15, "merge of a subquery": 15,
	"merge of values": 15, "merge updates": 15, "merge with a condition": 15,

	"is json": 16, "json_array": 16, "json_arrayagg": 16, "json_object": 16, "json_objectagg": 16,

	"at local": 17, "json_exists": 17, "json_query": 17, "json_scalar": 17, "json_table": 17, "json_value": 17,
	"merge not matched by source": 17,

	"returning old and new": 18,
}
