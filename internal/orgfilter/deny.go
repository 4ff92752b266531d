package orgfilter

import "strings"

// deniedFunctions run SQL text, read a table by its name, or change the
// session so that a later statement means something else; or tell of other
// sessions and of tables as a whole. Sources: the
// manual's chapters "Functions and Operators" (XML, text search,
// configuration, logical decoding) and "Additional Supplied Modules" (dblink,
// tablefunc, xml2, pageinspect, pgstattuple, pgrowlocks).
var deniedFunctions = map[string]bool{
	"query_to_xml": true, "query_to_xmlschema": true, "query_to_xml_and_xmlschema": true,
	"cursor_to_xml": true, "cursor_to_xmlschema": true,
	"table_to_xml": true, "table_to_xmlschema": true, "table_to_xml_and_xmlschema": true,
	"schema_to_xml": true, "schema_to_xmlschema": true, "schema_to_xml_and_xmlschema": true,
	"database_to_xml": true, "database_to_xmlschema": true, "database_to_xml_and_xmlschema": true,
	"ts_stat": true, "ts_rewrite": true,
	"set_config": true,
	"crosstab":   true, "crosstab2": true, "crosstab3": true, "crosstab4": true, "crosstabn": true, "connectby": true,
	"xpath_table":  true,
	"get_raw_page": true, "heap_page_items": true, "heap_page_item_attrs": true, "tuple_data_split": true,
	"bt_page_items": true, "bt_multi_page_stats": true, "brin_page_items": true, "gin_leafpage_items": true,
	"gist_page_items": true, "gist_page_items_bytea": true, "hash_page_items": true,
	"pgrowlocks": true, "pgstattuple": true,
	"pg_read_file": true, "pg_read_binary_file": true, "pg_ls_dir": true,
	"pg_relation_size": true, "pg_table_size": true, "pg_indexes_size": true, "pg_total_relation_size": true,
	"pg_stat_statements": true, "verify_heapam": true, "verify_nbtree": true,
	"currtid2": true, "pg_get_viewdef": true,
	"lo_get": true, "lo_export": true, "lo_import": true, "loread": true, "lo_open": true,
}

// readsTables tells whether a function is refused by its name, in whatever
// schema it lives.
func readsTables(name string) bool {
	return deniedFunctions[name] ||
		strings.HasPrefix(name, "dblink") || strings.HasPrefix(name, "pg_logical_slot_") || strings.HasPrefix(name, "pg_stat_get_") ||
		strings.HasPrefix(name, "pg_get_wal_")
}
